import { DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { goesToModelB } from "../../../contract/models.js";
import { MOST_SENT } from "../../../lambda/jobs/sendWaiting.js";
import { sweep } from "../../../lambda/jobs/sweep.js";
import { unsent } from "../../../lambda/shared/attempts.js";
import { readQueue } from "../../../lambda/shared/estimate.js";
import { forVersion } from "../../../lambda/shared/versionServices.js";
import { effectsOf } from "../../support/effects.js";
import { BASE, ModelsWorld, V2 } from "../support/modelsWorld.js";
import { notificationOf, recordBatch } from "../support/recorder.js";
import { awsError, failed, SEQUENCE, ToolsWorld } from "../support/world.js";

/** A protein that a share of 20 % sends to modelB, and one that it does not. */
const proteins = Array.from({ length: 40 }, (_, number) => `${SEQUENCE}${"A".repeat(number)}`);
const TO_B = proteins.find((sequence) => goesToModelB(sequence, 20)) ?? "";
const TO_A = proteins.find((sequence) => !goesToModelB(sequence, 20)) ?? "";

describe("a stack with several model versions", () => {
  let world: ModelsWorld;

  beforeEach(() => {
    world = new ModelsWorld();
  });

  it("lets the active version answer, and says so in answer, ledger, list, result, log and metrics", async () => {
    world.activate("v2");

    const job = await world.submit();

    expect(job.model_version).to.equal("v2");
    expect(world.invoked).to.deep.equal([V2.endpoint]);
    expect(world.job(job.output_id)).to.include({
      model_version: "v2",
      endpoint_name: V2.endpoint,
      image_digest: V2.digest,
      model: V2.model,
    });
    expect((await world.list()).jobs[0]).to.include({ model_version: "v2" });
    expect(await world.results(job.output_id)).to.include({ model_version: "v2" });
    expect(world.logged)
      .to.include('"model_version":"v2"')
      .and.to.match(/"Dimensions":\[\["[^\]]*model_version/);
  });

  it("keeps the ids of the jobs that it had as a stack with one version", async () => {
    const single = await new ToolsWorld().submit();

    const before = await world.submit();
    world.activate("v2");
    world.pass(31);
    const other = await world.submit();
    world.activate("base");
    world.pass(31);
    const after = await world.submit();

    expect(single).to.not.have.property("model_version");
    expect([before.output_id, after.output_id]).to.deep.equal([single.output_id, single.output_id]);
    expect(other.output_id).to.not.equal(single.output_id);
    expect(world.invoked).to.deep.equal([BASE.endpoint, V2.endpoint]);
  });

  it("follows the pointer within 30 s, and reads it no more often", async () => {
    await world.submit({ sequence: TO_A });
    world.activate("v2");
    world.pass(29);
    const cached = await world.submit({ sequence: TO_B });
    world.pass(2);
    const fresh = await world.submit();

    expect([cached.model_version, fresh.model_version]).to.deep.equal(["base", "v2"]);
    expect(world.looks).to.equal(2);
  });

  it("lets a caller name the version, whatever is active", async () => {
    const job = await world.submit({ sequence: SEQUENCE, model: "v2" });

    expect(job.model_version).to.equal("v2");
    expect(world.looks).to.equal(0);
  });

  it("refuses a version that it does not have, with nothing stored", async () => {
    const answer = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE, model: "v3" }));

    expect(answer).to.include({
      error_code: "UNKNOWN_MODEL",
      message: "There is no model version 'v3'; did you mean 'v2'?",
    });
    expect(answer.details).to.deep.equal({ models: ["base", "v2"] });
    expect(world.untouched).to.equal(true);
  });

  it("refuses any version but base where there is one version only", async () => {
    const single = new ToolsWorld();
    const answer = failed(await single.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE, model: "v2" }));

    expect(answer.error_code).to.equal("UNKNOWN_MODEL");
    expect(single.untouched).to.equal(true);
    expect(await single.submit({ sequence: SEQUENCE, model: "base" })).to.include({ status: "in_progress" });
  });

  for (const [what, pointer, message] of [
    [
      "names no version",
      JSON.stringify({ version: "v9", previous: null, changed_at: null, by: null, reason: null, forced: [] }),
      /names the version 'v9'/,
    ],
    ["is no pointer", "v2", /is no pointer/],
    ["does not exist", undefined, /is no pointer/],
  ] as const) {
    it(`submits nothing while the pointer ${what}, and recovers at once`, async () => {
      world.pointer = pointer;

      const answer = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE }));
      expect(answer.error_code).to.equal("NO_ACTIVE_MODEL");
      expect(answer.message).to.match(message).and.to.include("base, v2");
      expect(world.untouched).to.equal(true);

      world.activate("v2");
      expect((await world.submit()).model_version).to.equal("v2");
    });
  }

  it("splits by the protein: the same one always goes to the same version", async () => {
    world = new ModelsWorld({ modelB: { name: "v2" } });

    const jobs = [];
    for (const sequence of [TO_A, TO_B, TO_A, TO_B]) jobs.push(await world.submit({ sequence }));

    expect(jobs.map((job) => job.model_version)).to.deep.equal(["base", "v2", "base", "v2"]);
    expect(world.invoked).to.deep.equal([BASE.endpoint, V2.endpoint]);
  });

  it("sends everything to the version that is both active and modelB", async () => {
    world = new ModelsWorld({ modelB: { name: "v2" } });
    world.activate("v2");

    expect((await world.submit({ sequence: TO_A })).model_version).to.equal("v2");
  });

  it("lets a shadow score too, and answers with the active version alone", async () => {
    world = new ModelsWorld({ modelB: { name: "v2", mode: "shadow" } });

    const job = await world.submit({ sequence: SEQUENCE, name: "insulin", tags: ["lab"] });

    expect(job.model_version).to.equal("base");
    expect(world.invoked).to.deep.equal([BASE.endpoint, V2.endpoint]);
    const listed = (await world.list({ tag: "lab" })).jobs;
    expect(listed.map((one) => one.model_version)).to.deep.equal(["base"]);
  });

  it("answers although the shadow is refused", async () => {
    world = new ModelsWorld({ modelB: { name: "v2", mode: "shadow" } });
    world.runtime.resolves({ OutputLocation: "s3://results-bucket/async-inference-output/a.out" });
    let calls = 0;
    world.runtime.onAnyCommand().callsFake(() => {
      calls += 1;
      if (calls > 1) throw awsError("ValidationError", "no such endpoint");
      return { OutputLocation: "s3://results-bucket/async-inference-output/a.out" };
    });

    expect(await world.submit()).to.include({ status: "in_progress", model_version: "base" });
    expect(world.logged).to.include("The shadow of a job could not be submitted");
  });

  it("refuses the answer of another version's endpoint", async () => {
    const { output_id: id } = await world.submit({ sequence: SEQUENCE, model: "v2" });
    world.write(id, "output", effectsOf(SEQUENCE));
    const ofBase = notificationOf(world, id, "Completed");
    const own = { ...ofBase, requestParameters: { endpointName: V2.endpoint } };

    expect(await recordBatch(world, ofBase)).to.have.length(1);
    expect(world.job(id).state).to.equal("in_progress");
    expect(await recordBatch(world, own)).to.deep.equal([]);
    expect(world.job(id).state).to.equal("completed");
  });

  it("sends waiting jobs to their own endpoints", async () => {
    const ids = [];
    for (const model of ["base", "v2"]) {
      const { output_id: id } = await world.submit({ sequence: SEQUENCE, model });
      world.table.items.set(id, { ...unsent(world.job(id)), state: "waiting" });
      ids.push(id);
    }
    world.runtime.resetHistory();

    const { sent } = await world.quietly(() => sweep(world.services, () => 60_000));

    expect(sent).to.equal(2);
    expect(world.invoked).to.deep.equal([BASE.endpoint, V2.endpoint]);
    expect(ids.map((id) => world.job(id).state)).to.deep.equal(["in_progress", "in_progress"]);
  });

  it("sends the waiting jobs of a version while more of another wait for its endpoint", async () => {
    const { output_id: own } = await world.submit({ sequence: TO_A, model: "base" });
    const { output_id: other } = await world.submit({ sequence: TO_B, model: "v2" });
    world.table.items.set(own, { ...unsent(world.job(own)), state: "waiting", submitted_at: world.now.toISOString() });
    for (let number = 0; number < 2 * MOST_SENT; number++) {
      const id = `${other}-${number}`;
      const submitted_at = "2026-02-01T12:00:00.000Z";
      world.table.items.set(id, { ...unsent(world.job(other)), output_id: id, state: "waiting", submitted_at });
    }
    world.sageMaker.on(DescribeEndpointCommand, { EndpointName: V2.endpoint }).resolves({ EndpointStatus: "Failed" });
    world.pass(6);

    const { sent } = await world.quietly(() => sweep(world.services, () => 60_000));

    expect(sent).to.equal(1);
    expect(world.job(own).state).to.equal("in_progress");
  });

  it("counts in each queue only the jobs of its version", async () => {
    await world.submit({ sequence: SEQUENCE, model: "base" });
    await world.submit({ sequence: TO_B, model: "v2" });
    await world.submit({ sequence: TO_A, model: "v2" });

    const lengths = await Promise.all(
      [BASE, V2].map(async (version) => {
        const { jobs = [] } = await readQueue(version.digest, forVersion(world.services, version));
        return jobs.length;
      }),
    );

    expect(lengths).to.deep.equal([1, 2]);
  });

  it("keeps what a retired version scored, and ends what it never will", async () => {
    const done = (await world.submit({ sequence: SEQUENCE, model: "v2" })).output_id;
    world.write(done, "output", effectsOf(SEQUENCE));
    const waiting = (await world.submit({ sequence: TO_B, model: "v2" })).output_id;
    const after = new ModelsWorld({ versions: [BASE, { ...V2, name: "v3" }] });
    for (const [id, item] of world.table.items) after.table.items.set(id, item);
    for (const [address, object] of world.objects) after.objects.set(address, object);
    after.table.items.set(waiting, { ...unsent(after.job(waiting)), state: "waiting" });

    expect(await after.results(done)).to.include({ status: "completed", model_version: "v2" });
    await after.quietly(() => sweep(after.services, () => 60_000));
    expect(after.job(waiting).state, "the function may not know a new version yet").to.equal("waiting");
    after.pass(7_300);
    await after.quietly(() => sweep(after.services, () => 60_000));

    expect(after.job(waiting)).to.include({ state: "failed" });
    expect(after.job(waiting).reason).to.equal(
      "The model version v2 was retired or updated before the job was scored; submit again.",
    );
    expect(after.invoked).to.deep.equal([]);
  });

  it("sends a job of a version that it does not know nowhere, and ends it", async () => {
    const { output_id: id } = await world.submit({ sequence: SEQUENCE, model: "v2" });
    const single = new ToolsWorld();
    single.table.items.set(id, { ...unsent(world.job(id)), state: "waiting" });
    for (const [address, object] of world.objects) single.objects.set(address, object);

    await single.quietly(() => sweep(single.services, () => 60_000));

    expect(single.job(id).state).to.equal("waiting");
    single.pass(7_300);
    await single.quietly(() => sweep(single.services, () => 60_000));

    expect(single.invocations).to.equal(0);
    expect(single.job(id)).to.include({ state: "failed" });
    expect(single.logged).to.include("JobsFailed");
  });

  it("sends no job to an image that its id is not of", async () => {
    const { output_id: id } = await world.submit({ sequence: SEQUENCE, model: "v2" });
    const updated = new ModelsWorld({ versions: [BASE, { ...V2, digest: "sha256:3333" }] });
    updated.table.items.set(id, { ...unsent(world.job(id)), state: "waiting" });
    for (const [address, object] of world.objects) updated.objects.set(address, object);
    updated.pass(7_300);

    await updated.quietly(() => sweep(updated.services, () => 60_000));

    expect(updated.invocations).to.equal(0);
    expect(updated.job(id).reason).to.include("retired or updated");
  });
});
