import { expect } from "chai";
import { tuneText } from "../../../commands/simulate/printSimulation.js";
import { ordered, type Proposal } from "../../../commands/simulate/tune.js";

function proposal(maxCapacity: string, p95_s: number, gpu_hours: number, killed = 0): Proposal {
  const figures = { name: "planned", p50_s: 1, p95_s, p99_s: p95_s, gpu_hours, usd: gpu_hours, killed, lost: 0 };
  return { settings: { minCapacity: "0", maxCapacity, backlogPerInstance: "5" }, figures };
}

describe("--tune", () => {
  const trace = { name: "burst", description: "a burst", horizonSeconds: 1, arrivals: [] };
  const [slow, fast, dear, deadly] = [
    proposal("1", 5_000, 2),
    proposal("2", 2_000, 3),
    proposal("4", 1_000, 9),
    proposal("8", 900, 1, 1),
  ];

  it("proposes the cheapest that keeps the wait and kills nothing", () => {
    const best = ordered([slow, fast, dear, deadly], { waitSeconds: 3_000, budgetUsd: undefined });

    expect(best.map(({ holds }) => holds)).to.deep.equal([true, true, false, false]);
    expect(best[0]?.settings.maxCapacity).to.equal("2");
    expect(tuneText(best, trace, { waitSeconds: 3_000, budgetUsd: undefined })).to.include(
      "pulumi config set maxCapacity 2",
    );
  });

  it("keeps to the budget, and says so where nothing fits", () => {
    const goal = { waitSeconds: 1_500, budgetUsd: 5 };
    const best = ordered([slow, fast, dear], goal);

    expect(best.every(({ holds }) => !holds)).to.equal(true);
    // The shortest wait that the budget allows.
    expect(best[0]?.settings.maxCapacity).to.equal("2");
    expect(tuneText(best, trace, goal)).to.include("Nothing that was tried meets the goal.");
  });
});
