import { expect } from "chai";
import { estimate, modelSeconds, phaseOf, type Queue } from "../../../lambda/tools/estimate.js";

const NOW = new Date("2026-03-01T12:00:00.000Z");
const JOB = { submitted_at: NOW.toISOString(), sequence_length: 500, scoring: "masked-marginals" as const };

function queue(instances: number, ahead: number | undefined = 0, status = "InService"): Queue {
  return { endpoint: { status, serving: status === "InService", instances }, ahead, concurrency: 4 };
}

describe("phaseOf", () => {
  const cases: readonly (readonly [string, Queue, string | null])[] = [
    ["no instance", queue(0, 9), "warming"],
    ["a free instance", queue(1, 3), "running"],
    ["no free instance", queue(1, 4), "queued"],
    ["a free second instance", queue(2, 7), "running"],
    ["an endpoint that accepts no requests", queue(1, 0, "Failed"), null],
    ["an endpoint of unknown state", { ...queue(1), endpoint: undefined }, null],
    ["a queue that could not be counted", { ...queue(1), ahead: undefined }, null],
  ];
  for (const [what, state, phase] of cases) {
    it(`with ${what} is ${phase ?? "unknown"}`, () => {
      expect(phaseOf(state)).to.equal(phase);
    });
  }
});

describe("estimate", () => {
  it("grows with the length, the queue and the start of an instance", () => {
    const seconds = (job: typeof JOB, state: Queue): number =>
      (Date.parse(estimate(job, state, NOW).completion) - NOW.getTime()) / 1_000;

    expect(seconds(JOB, queue(1))).to.be.below(seconds({ ...JOB, sequence_length: 5_000 }, queue(1)));
    expect(seconds(JOB, queue(1))).to.be.below(seconds(JOB, queue(1, 8)));
    expect(seconds(JOB, queue(2, 8))).to.be.below(seconds(JOB, queue(1, 8)));
    expect(seconds(JOB, queue(0))).to.be.above(300);
  });

  it("is never in the past, even if a job is late", () => {
    const later = new Date(NOW.getTime() + 3_600_000);

    const { completion, retryAfterSeconds } = estimate(JOB, queue(1), later);

    expect(Date.parse(completion)).to.be.above(later.getTime());
    expect(retryAfterSeconds).to.equal(2);
  });

  it("counts one pass per window for wt-marginals", () => {
    const protein = { sequence_length: 1_000 };

    expect(modelSeconds({ ...protein, scoring: "wt-marginals" })).to.be.below(
      modelSeconds({ ...protein, scoring: "masked-marginals" }) / 100,
    );
  });

  it("takes less time for fewer masked copies", () => {
    const protein = { sequence_length: 1_000, scoring: "masked-marginals" as const };

    expect(modelSeconds({ ...protein, masked_copies: 10 })).to.equal(modelSeconds(protein) / 100);
  });
});
