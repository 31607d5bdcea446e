import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { JobState } from "../../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../../contract/limits.js";
import { isPastDeadline } from "../../../lambda/jobs/jobGauge.js";
import { sweep } from "../../../lambda/jobs/sweep.js";
import { awsError, SEQUENCE, ToolsWorld } from "../support/world.js";

/** Runs a sweep, and ends it as its handler does. */
function swept(world: ToolsWorld): Promise<void> {
  return world.quietly(async () => {
    await sweep(world.services, () => 60_000);
    world.services.telemetry.end();
  });
}

describe("isPastDeadline", () => {
  const cases: readonly [JobState, number, boolean][] = [
    ["in_progress", LONGEST_JOB_SECONDS + 599, false],
    ["in_progress", LONGEST_JOB_SECONDS + 601, true],
    ["submitting", 60 + 599, false],
    ["submitting", 60 + 601, true],
    ["waiting", 86_399, false],
    ["waiting", 86_401, true],
    ["completed", 10 * 86_400, false],
  ];
  for (const [state, age, late] of cases) {
    it(`is ${late} for a job that has been ${state} for ${age} s`, async () => {
      const world = new ToolsWorld();
      const { output_id: id } = await world.submit();
      const at = world.job(id).submitted_at;
      const now = new Date(Date.parse(at) + age * 1_000);

      expect(isPastDeadline({ ...world.job(id), state, sent_at: at }, 60, now)).to.equal(late);
    });
  }
});

describe("the gauges of a sweep", () => {
  it("count waiting and sent jobs, and record nothing where there are none", async () => {
    const world = new ToolsWorld();
    await swept(world);
    expect(world.logged).not.to.include("JobsSent").and.not.include("JobsWaiting");

    await world.submit();
    const { output_id: second } = await world.submit({ sequence: `${SEQUENCE}A` });
    world.table.items.set(second, { ...world.job(second), state: "waiting" });
    await swept(world);

    expect(world.logged).to.include('"JobsSent":1').and.include('"JobsWaiting":1');
    expect(world.logged).not.to.include("JobsPastDeadline");
  });

  it("count more jobs than one sweep works on", async () => {
    const world = new ToolsWorld();
    const { output_id: id } = await world.submit();
    for (let copy = 0; copy < 700; copy += 1) {
      world.table.items.set(`copy-${copy}`, { ...world.job(id), output_id: `copy-${copy}` });
    }
    await swept(world);

    expect(world.logged).to.include('"JobsSent":701');
  });

  it("count a job past its deadline that cannot be settled", async () => {
    const world = new ToolsWorld();
    await world.submit();
    world.pass(LONGEST_JOB_SECONDS + 700);
    world.s3.on(ListObjectsV2Command).rejects(awsError("AccessDenied"));
    await swept(world);

    expect(world.logged).to.include('"JobsPastDeadline":1');
  });
});

describe("the log of an end", () => {
  it("has the times of the job, and the code of a reason without its text", async () => {
    const world = new ToolsWorld();
    const { output_id: id } = await world.submit();
    world.write(id, "failure", { error_code: "OUT_OF_MEMORY", message: `no memory for ${SEQUENCE}` });
    world.pass(30);
    await world.results(id);

    const line = world.logged.split("\n").find((text) => text.includes("Job ended")) ?? "";
    expect(JSON.parse(line)).to.include({ output_id: id, state: "failed", reason_code: "OUT_OF_MEMORY" });
    expect(JSON.parse(line)).to.have.property("total_seconds").that.is.a("number");
    expect(world.logged).not.to.include(SEQUENCE.slice(0, 6));
  });

  it("takes no protein for a code", async () => {
    const world = new ToolsWorld();
    const { output_id: id } = await world.submit();
    world.write(id, "failure", `${SEQUENCE}: no model reads this`);
    world.pass(30);
    await world.results(id);

    expect(world.logged).to.include('"reason_code":"OTHER"').and.not.include(SEQUENCE.slice(0, 6));
  });
});
