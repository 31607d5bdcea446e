import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { InvokeEndpointAsyncCommand } from "@aws-sdk/client-sagemaker-runtime";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { FIRST_POINTER } from "../../../contract/models.js";
import { effectsOf } from "../../support/effects.js";
import { DropWorld } from "../fasta/support/dropWorld.js";
import { fileOf, protein, ScanWorld } from "../scan/support/scanWorld.js";
import { BASE, environmentOf, V2 } from "../support/modelsWorld.js";
import { jobEnvironment, type ToolsWorld } from "../support/world.js";

const KEY = "uploads/a.fasta";

/** A file is scored by the version that is active when it is read, even if another one is activated before its end. */
describe("files on a stack with several model versions", () => {
  const ssm = mockClient(SSMClient);
  let active: string;

  beforeEach(() => {
    active = "v2";
    ssm.reset();
    ssm.on(GetParameterCommand).callsFake(() => ({
      Parameter: { Value: JSON.stringify({ ...FIRST_POINTER, version: active }) },
    }));
  });

  const invoked = (world: ToolsWorld): Set<string | undefined> =>
    new Set(world.runtime.commandCalls(InvokeEndpointAsyncCommand).map(({ args: [{ input }] }) => input.EndpointName));

  it("submit all records of an upload to one version, and are read again after an activation", async () => {
    const world = new DropWorld(environmentOf());
    world.upload(KEY, fileOf(3));
    await world.next();
    active = "base";
    world.pass(60);
    await world.work();
    world.complete();
    await world.finish();

    expect(invoked(world)).to.deep.equal(new Set([V2.endpoint]));
    expect(world.summary(KEY)).to.deep.include({ status: "ended", model_version: V2.digest, records: 3 });
    expect(world.jobs().map((job) => job.model_version)).to.deep.equal(["v2", "v2", "v2"]);

    world.upload(KEY, fileOf(3));
    await world.work();

    expect(invoked(world)).to.deep.equal(new Set([V2.endpoint, BASE.endpoint]));
    expect(world.summary(KEY)).to.include({ model_version: BASE.digest });
  });

  for (const [what, environment] of [
    ["retired", environmentOf({ versions: [BASE, { ...V2, name: "v3" }] })],
    ["retired with all others", jobEnvironment()],
    ["updated", environmentOf({ versions: [BASE, { ...V2, digest: "sha256:3333" }] })],
  ] as const) {
    it(`say that their version was ${what} before the records were submitted`, async () => {
      const before = new DropWorld(environmentOf());
      before.upload(KEY, fileOf(2));
      await before.next();
      const after = new DropWorld(environment);
      for (const [address, object] of before.objects) after.objects.set(address, object);
      after.queue = before.queue;
      await after.work();
      await after.finish();

      expect(after.failures).to.equal(0);
      expect(invoked(after).size).to.equal(0);
      expect(after.manifest(KEY).map(({ error }) => error?.code)).to.deep.equal(["UNKNOWN_MODEL", "UNKNOWN_MODEL"]);
    });

    it(`are not scanned by another version once theirs was ${what}`, async () => {
      const before = new ScanWorld(environmentOf());
      before.upload(fileOf(4));
      const planned = await before.plan();
      const after = new ScanWorld(environment);
      for (const [address, object] of before.objects) after.objects.set(address, object);
      const [shard = ""] = after.shards(planned);

      const refusal: unknown = await after.submitShard(shard, "token").catch((error: unknown) => error);

      expect(refusal).to.have.property("message").that.includes("was retired or updated; submit the file again");
      expect(invoked(after).size).to.equal(0);
    });
  }

  it("are scanned by one version, whatever is active meanwhile", async () => {
    const world = new ScanWorld(environmentOf({ modelB: { name: "base", share: 50 } }));
    world.upload(fileOf(4));
    const planned = await world.plan();
    active = "base";
    world.pass(60);
    for (const shard of world.shards(planned)) await world.submitShard(shard, "token");
    for (const job of world.jobs()) {
      world.write(job.output_id, "output", effectsOf(protein(0)));
      world.table.items.set(job.output_id, { ...job, state: "completed", completed_at: world.now.toISOString() });
    }
    await world.summarise(planned.scan);

    expect(invoked(world)).to.deep.equal(new Set([V2.endpoint]));
    expect(world.summary()).to.deep.include({ model_version: V2.digest, jobs: 4 });
    expect(world.summary().counts.completed).to.equal(4);
  });
});
