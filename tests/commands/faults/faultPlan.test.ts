import { expect } from "chai";
import { FaultPlan } from "../../../commands/faults/faultPlan.js";

/** Which of the first calls of a job fail. */
function failing(plan: FaultPlan, key = "job", together?: number): boolean[] {
  return Array.from({ length: 300 }, () => plan.happens("put", key, 0.2, together));
}

describe("a plan of faults", () => {
  it("is the same for the same seed, whatever happens to others meanwhile", () => {
    const plan = new FaultPlan(1);
    failing(plan, "another job");

    expect(failing(plan, "job")).to.deep.equal(failing(new FaultPlan(1), "job"));
    expect(failing(new FaultPlan(2), "job")).not.to.deep.equal(failing(new FaultPlan(1), "job"));
  });

  it("fails about the given share, and counts", () => {
    const plan = new FaultPlan(3);

    const failed = failing(plan).filter(Boolean).length;

    expect(failed).to.be.within(30, 90);
    expect(plan.injected.get("put")).to.equal(failed);
  });

  it("lets calls fail together", () => {
    const calls = failing(new FaultPlan(4), "job", 3);

    for (let start = 0; start < calls.length; start += 3) {
      expect(new Set(calls.slice(start, start + 3))).to.have.property("size", 1);
    }
    expect(new Set(calls).size).to.equal(2);
  });

  it("ends", () => {
    const plan = new FaultPlan(5);
    plan.end();

    expect(failing(plan)).not.to.include(true);
  });
});
