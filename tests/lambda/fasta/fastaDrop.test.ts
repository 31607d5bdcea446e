import { expect } from "chai";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { readTasks } from "../../../lambda/fasta/messages.js";
import { csvText } from "../../../lambda/shared/csvText.js";
import { awsError } from "../support/world.js";
import { DropWorld, uploaded } from "./support/dropWorld.js";

const RESIDUES = "ACDEFGHIKLMNPQRSTVWY";
const KEY = "uploads/set 1+2/µ.fasta";

/** A protein that is different for each number. */
function protein(number: number): string {
  return `MKTV${RESIDUES.charAt(number % 20)}${RESIDUES.charAt(Math.floor(number / 20) % 20)}`;
}

/** A file of different proteins. */
function fileOf(count: number): string {
  return Array.from({ length: count }, (_, number) => `>p${number}\n${protein(number)}\n`).join("");
}

describe("the function for FASTA files", () => {
  it("submits each record once, lists it, and at the end writes states, counts and best variants", async () => {
    const world = new DropWorld();
    world.upload(KEY, `${fileOf(2)}>bad\nMKB\n>same\n${protein(0)}\n`);

    await world.work();
    await world.next();
    const running = world.summary(KEY);
    const submitted = world.manifest(KEY);
    world.complete();
    await world.finish();

    expect(running).to.include({ status: "running", records: 4 });
    expect(submitted.map(({ name, status }) => [name, status])).to.deep.equal([
      ["p0", undefined],
      ["p1", undefined],
      ["bad", undefined],
      ["same", undefined],
    ]);
    expect(world.invocations).to.equal(2);
    expect(world.summary(KEY)).to.deep.include({ status: "ended", records: 4, jobs: 2, unreadable_results: 0 });
    expect(world.summary(KEY).counts).to.include({ completed: 3, invalid: 1, failed: 0 });
    expect(world.manifest(KEY).map(({ status }) => status)).to.deep.equal([
      "completed",
      "completed",
      undefined,
      "completed",
    ]);
    expect(world.text(`${KEY}.top-variants.csv`)?.split("\r\n")).to.have.length(1 + 3 * 10 + 1);
    expect(world.failures).to.equal(0);
    expect(world.logged).to.not.include(protein(0));
  });

  it("starts nothing twice with events and tasks that come twice and in another order", async () => {
    const world = new DropWorld();
    world.upload(KEY, fileOf(250));
    world.queue.push(uploaded(KEY));
    await world.next();
    world.queue = [...world.queue, ...world.queue].reverse();

    await world.work();
    world.complete();
    await world.finish();
    world.upload(KEY, fileOf(250));
    await world.finish();

    expect(world.invocations).to.equal(250);
    expect(world.jobs().every(({ attempt }) => attempt === 1)).to.equal(true);
    expect(world.summary(KEY)).to.include({ status: "ended", records: 250, jobs: 250 });
  });

  it("continues after a crash at any write to S3, and loses and doubles nothing", async () => {
    const writes = await writesOf(new DropWorld(), 0);
    for (let crash = 1; crash <= writes; crash += 1) {
      const world = new DropWorld();
      await writesOf(world, crash);

      expect(world.failures, `crash at write ${crash}`).to.equal(1);
      expect(world.summary(KEY)).to.include({ status: "ended", records: 3, jobs: 3 });
      expect(world.jobs().map(({ attempt }) => attempt)).to.deep.equal([1, 1, 1]);
    }
  }).timeout(60_000);

  it("leaves the rest of a part to another call when the time gets short", async () => {
    const world = new DropWorld();
    world.upload(KEY, fileOf(3));
    await world.next();
    world.leftMs = 1_000;
    await world.next();

    expect(world.invocations).to.equal(0);
    world.leftMs = 300_000;
    await world.work();
    expect(world.invocations).to.equal(3);
  });

  it("cuts a long name as invoke_endpoint cuts that of a header", async () => {
    const world = new DropWorld();
    world.upload(KEY, `>${"a".repeat(255)}\u{1F9EC}b\n${protein(1)}\n`);

    await world.work();
    world.complete();
    await world.finish();

    expect(world.manifest(KEY)[0]).to.include({ name: "a".repeat(255), status: "completed" });
  });

  it("lets jobs wait that the endpoint refuses, as an attempt that does not count", async () => {
    const world = new DropWorld();
    world.refusal = awsError("ValidationError", "Endpoint is not in service.");
    world.upload(KEY, fileOf(2));

    await world.work();

    expect(world.jobs().map(({ state, failed_attempts }) => [state, failed_attempts])).to.deep.equal([
      ["waiting", undefined],
      ["waiting", undefined],
    ]);
    expect(world.jobs().some((job) => "reason" in job || "completed_at" in job)).to.equal(false);
    expect(world.failures).to.equal(0);
  });

  it("ends also when jobs fail, are cancelled, expire, or leave the ledger, with the reasons", async () => {
    const world = new DropWorld();
    world.upload(KEY, fileOf(4));
    await world.work();
    const [failed, cancelled, expired, gone] = world.manifest(KEY).length > 0 ? [] : world.jobs();
    for (const [job, state] of [
      [failed, "failed"],
      [cancelled, "cancelled"],
      [expired, "expired"],
    ] as const) {
      if (job) world.table.items.set(job.output_id, { ...job, state, reason: `it ${state}` });
    }
    world.table.items.delete(gone?.output_id ?? "");

    await world.finish();

    expect(world.summary(KEY).counts).to.deep.equal({
      invalid: 0,
      completed: 0,
      failed: 1,
      expired: 1,
      cancelled: 1,
      unknown: 1,
    });
    const reasons = world.manifest(KEY).map(({ reason }) => reason);
    expect(reasons).to.include.members(["it failed", "it cancelled", "it expired"]);
  });

  it("writes nothing beside a file that was replaced while its jobs ran", async () => {
    const world = new DropWorld();
    world.upload(KEY, fileOf(1));
    await world.work();
    world.upload(KEY, ">other\nMKTVVV\n");
    world.queue = world.queue.filter((body) => body.includes('"finish"'));
    world.complete();

    await world.finish();

    expect(world.summary(KEY).status).to.equal("running");
    expect(world.text(`${KEY}.top-variants.csv`)).to.equal(undefined);
  });

  for (const [what, text, code] of [
    ["10,001 records", fileOf(10_001), "FILE_TOO_LARGE"],
    ["no record", "\n", "EMPTY_FILE"],
  ] as const) {
    it(`refuses a file of ${what}, and starts nothing`, async () => {
      const world = new DropWorld();
      world.upload(KEY, text);

      await world.finish();

      expect(world.summary(KEY).error?.code).to.equal(code);
      expect([world.invocations, world.table.items.size, world.failures]).to.deep.equal([0, 0, 0]);
    });
  }

  it("ignores the test event of S3, and gives back what is no message of its own", async () => {
    expect(readTasks(JSON.stringify({ Event: "s3:TestEvent" }))).to.deep.equal([]);
    const world = new DropWorld();
    world.queue.push("{}");
    await world.next();
    expect(world.failures).to.equal(1);
  });

  it("writes names into the CSV as text, whatever they are", () => {
    expect(csvText('a,"b"')).to.equal('"a,""b"""');
    expect(csvText("=1+1")).to.equal("'=1+1");
    expect(csvText("µ/🧬")).to.equal("µ/🧬");
  });
});

/**
 * Takes a file from its upload to the end.
 *
 * @param crash number of the write to S3 that fails; 0 for none
 * @returns the number of writes
 */
async function writesOf(world: DropWorld, crash: number): Promise<number> {
  let writes = 0;
  world.s3.on(PutObjectCommand).callsFake((input: { Bucket: string; Key: string; Body: string }) => {
    writes += 1;
    if (writes === crash) throw awsError("Crash", "The function ended.", 400);
    world.objects.set(`s3://${input.Bucket}/${input.Key}`, { text: input.Body, modifiedAt: world.now });
    return {};
  });
  world.upload(KEY, fileOf(3));
  await world.work();
  world.complete();
  await world.finish();
  return writes;
}
