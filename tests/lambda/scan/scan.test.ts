import { expect } from "chai";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { LedgerItem } from "../../../contract/jobs.js";
import { awsError } from "../support/world.js";
import { fileOf, KEY, protein, ScanWorld } from "./support/scanWorld.js";

/** A world with a planned file, and its shards. */
async function plannedWorld(text: string) {
  const world = new ScanWorld();
  world.upload(text);
  const planned = await world.plan();
  return { world, planned, shards: world.shards(planned) };
}

describe("a shard of a scan", () => {
  it("is submitted by the one submit path, each protein once, and marks the attempts that it started", async () => {
    const { world, shards } = await plannedWorld(`${fileOf(3)}>same\n${protein(0)}\n>bad\nMKB\n`);
    const [shard = ""] = shards;

    await world.submitShard(shard, "token-1");

    expect(world.invocations).to.equal(3);
    expect(world.jobs().map((job) => [job.state, job.shard])).to.deep.equal(
      Array(3).fill(["in_progress", shard]) as unknown[],
    );
    expect(world.answers).to.deep.equal([]);
    expect([...(world.allWaits()[0]?.open_jobs ?? [])]).to.have.members(world.jobs().map(({ output_id: id }) => id));
    expect(world.logged).to.not.include("token-1").and.to.not.include(protein(1));
  });

  it("is answered by the recorder, once, with the last of its jobs, whatever comes twice or in another order", async () => {
    const { world, shards } = await plannedWorld(fileOf(3));
    await world.submitShard(shards[0] ?? "", "token-1");
    const [first, second, third] = world.jobs() as [LedgerItem, LedgerItem, LedgerItem];

    await world.end(third, "Completed", 2);
    await world.end(first, "Failed", 3);
    const before = [...world.answers];
    await world.end(second, "Completed", 3);
    await world.end(third, "Completed");

    expect(before).to.deep.equal([]);
    expect(world.answers).to.deep.equal([{ token: "token-1", kind: "success", output: { jobs: 3, completed: 2 } }]);
    expect(world.allWaits().map(({ state, open_jobs: open }) => [state, open])).to.deep.equal([
      ["wait_ended", undefined],
    ]);
  });

  it("fails if none of its jobs completed", async () => {
    const { world, shards } = await plannedWorld(fileOf(2));
    await world.submitShard(shards[0] ?? "", "token-1");

    for (const job of world.jobs()) await world.end(job, "Failed");

    expect(world.answers.map(({ kind, output }) => [kind, (output as { error: string }).error])).to.deep.equal([
      ["failure", "NoProteinCompleted"],
    ]);
  });

  it("is answered at once if all of its jobs are finished, and computes nothing again", async () => {
    const { world, shards } = await plannedWorld(fileOf(2));
    await world.submitShard(shards[0] ?? "", "cancelled");
    world.gone.add("cancelled");
    for (const job of world.jobs()) await world.end(job);

    await world.submitShard(shards[0] ?? "", "token-2");

    expect(world.invocations).to.equal(2);
    expect(world.answers).to.deep.equal([{ token: "token-2", kind: "success", output: { jobs: 2, completed: 2 } }]);
    expect(world.allWaits().map(({ state }) => state)).to.deep.equal(["wait_ended", "wait_ended"]);
  });

  it("waits for jobs that another caller or an earlier execution started, and does not mark them", async () => {
    const { world, shards } = await plannedWorld(fileOf(2));
    const { output_id: other } = await world.submit({ sequence: protein(1) });

    await world.submitShard(shards[0] ?? "", "token-1");
    await world.submitShard(shards[0] ?? "", "token-2");
    for (const job of world.jobs()) await world.end(job);

    expect(world.invocations).to.equal(2);
    expect(world.job(other)).to.not.have.property("shard");
    expect(world.answers.map(({ token }) => token)).to.have.members(["token-1", "token-2"]);
  });

  it("of bad records only is answered at once", async () => {
    const { world, shards } = await plannedWorld(">bad\nMKB\n");

    await world.submitShard(shards[0] ?? "", "token-1");

    expect(world.answers).to.deep.equal([{ token: "token-1", kind: "success", output: { jobs: 0, completed: 0 } }]);
    expect(world.table.items.size).to.equal(0);
  });

  it("lets jobs wait that the endpoint refuses", async () => {
    const { world, shards } = await plannedWorld(fileOf(2));
    world.refusal = awsError("ValidationError", "Endpoint is not in service.");

    await world.submitShard(shards[0] ?? "", "token-1");

    expect(world.jobs().map(({ state }) => state)).to.deep.equal(["waiting", "waiting"]);
    expect(world.answers).to.deep.equal([]);
  });

  it("counts a protein that failed too often as not completed, and goes on with the others", async () => {
    const { world, shards } = await plannedWorld(fileOf(2));
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await world.submit({ sequence: protein(0) });
      const [job] = world.jobs();
      if (job) await world.end(job, "Failed");
    }

    await world.submitShard(shards[0] ?? "", "token-1");
    const good = world.jobs().find(({ state }) => state === "in_progress");
    if (good) await world.end(good);

    expect(world.answers).to.deep.equal([{ token: "token-1", kind: "success", output: { jobs: 2, completed: 1 } }]);
  });

  it("that was interrupted is submitted again with another token, and starts nothing twice", async () => {
    const { world, shards } = await plannedWorld(fileOf(3));
    let writes = 0;
    world.s3.on(PutObjectCommand).callsFake((input: { Bucket: string; Key: string; Body: string }) => {
      writes += 1;
      if (writes === 2) throw awsError("Crash", "The function ended.");
      world.objects.set(`s3://${input.Bucket}/${input.Key}`, { text: input.Body, modifiedAt: world.now });
      return {};
    });
    const failed: unknown = await world.submitShard(shards[0] ?? "", "token-1").catch((error: unknown) => error);
    await world.submitShard(shards[0] ?? "", "token-2");
    for (const job of world.jobs()) await world.end(job);

    expect(failed).to.be.an("error");
    expect(world.jobs().map(({ attempt }) => attempt)).to.deep.equal([1, 1, 1]);
    expect(world.answers.find(({ token }) => token === "token-2")?.output).to.deep.equal({ jobs: 3, completed: 3 });
  });
});

describe("the sweeper, for tasks that wait", () => {
  it("answers a task whose job was cancelled before it was sent, or recorded by somebody else", async () => {
    const { world, shards } = await plannedWorld(fileOf(2));
    await world.submitShard(shards[0] ?? "", "token-1");
    const [first, second] = world.jobs() as [LedgerItem, LedgerItem];
    await world.cancel(first.output_id);
    world.table.items.set(second.output_id, { ...second, state: "completed", completed_at: world.now.toISOString() });

    await world.sweepWaits();
    expect(world.answers).to.deep.equal([]);
    world.pass(121);
    await world.sweepWaits();
    await world.sweepWaits();

    expect(world.answers).to.deep.equal([{ token: "token-1", kind: "success", output: { jobs: 2, completed: 1 } }]);
  });

  it("ends the wait of a cancelled scan, whose token is not known any more and whose last jobs never came", async () => {
    const { world, shards } = await plannedWorld(fileOf(2));
    await world.submitShard(shards[0] ?? "", "token-1");
    world.gone.add("token-1");
    const [first, second] = world.jobs() as [LedgerItem, LedgerItem];
    world.table.items.delete(second.output_id);
    await world.end(first);

    world.pass(600);
    await world.sweepWaits();
    const early = world.allWaits().map(({ state }) => state);
    world.pass(400);
    await world.sweepWaits();

    expect(early).to.deep.equal(["wait_open"]);
    expect(world.allWaits().map(({ state, completed }) => [state, completed])).to.deep.equal([["wait_ended", 1]]);
    expect(world.answers).to.deep.equal([]);
  });

  it("answers again if the function that took the last job out ended before it could", async () => {
    const { world, shards } = await plannedWorld(fileOf(1));
    await world.submitShard(shards[0] ?? "", "token-1");
    const [wait] = world.allWaits();
    await world.waits.store.settle(wait?.output_id ?? "", world.jobs()[0]?.output_id ?? "", true);

    world.pass(121);
    await world.sweepWaits();

    expect(world.answers.map(({ token, kind }) => [token, kind])).to.deep.equal([["token-1", "success"]]);
  });
});

describe("the summary of a scan", () => {
  it("counts records by what became of them, with the reasons, and lists each", async () => {
    const { world, planned, shards } = await plannedWorld(`${fileOf(3)}>=bad\nMKB\n>same\n${protein(0)}\n`);
    await world.submitShard(shards[0] ?? "", "token-1");
    const [first, second, third] = world.jobs() as [LedgerItem, LedgerItem, LedgerItem];
    await world.end(first);
    await world.end(second, "Failed");
    await world.end(third);

    const counts = await world.summarise(planned.scan);

    expect(world.summary()).to.deep.include({ status: "completed", records: 5, jobs: 3, shards: 1, counts });
    expect(counts).to.deep.equal({
      completed: 3,
      invalid: 1,
      failed: 1,
      expired: 0,
      cancelled: 0,
      in_progress: 0,
      unknown: 0,
    });
    expect(world.summary().failures.map(({ records }) => records)).to.deep.equal([1, 1]);
    const lines = (world.text(`${KEY}.scan.csv`) ?? "").split("\r\n");
    expect(lines[0]).to.equal("record,name,output_id,status,reason");
    expect(lines[1]).to.equal(`1,p0,${first.output_id},completed,`);
    expect(lines[4]).to.match(/^4,'=bad,,invalid,/);
    expect(lines[5]).to.equal(`5,same,${first.output_id},completed,`);
  });

  it("of a scan whose shards failed says so, with what was not submitted", async () => {
    const { world, planned, shards } = await plannedWorld(fileOf(51));
    await world.submitShard(shards[1] ?? "", "token-1");
    for (const job of world.jobs()) await world.end(job);

    await world.summarise(planned.scan, { Error: "States.ExceedToleratedFailureThreshold", Cause: "too many" });

    expect(world.summary()).to.deep.include({
      status: "failed",
      error: { Error: "States.ExceedToleratedFailureThreshold", Cause: "too many" },
    });
    expect(world.summary().counts).to.include({ completed: 1, unknown: 50 });
  });

  it("fails the scan if no protein completed, once it is written", async () => {
    const { world, planned, shards } = await plannedWorld(fileOf(1));
    await world.submitShard(shards[0] ?? "", "token-1");
    for (const job of world.jobs()) await world.end(job, "Failed");

    const error: unknown = await world.summarise(planned.scan).catch((failed: unknown) => failed);

    expect(error).to.include({ name: "NoProteinCompleted" });
    expect(world.summary().status).to.equal("failed");
  });
});
