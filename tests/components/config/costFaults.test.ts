import { expect } from "chai";
import { costFaults } from "../../../components/config/costFaults.js";

const FINE = { monthlyBudgetUsd: 200, brakeCapacity: 1, enableAutoscaling: true, maxCapacity: 2 };

describe("costFaults", () => {
  it("allow no budget, and a budget with its brake", () => {
    expect(costFaults({ ...FINE, monthlyBudgetUsd: 0, brakeCapacity: 0 })).to.deep.equal([]);
    expect(costFaults(FINE)).to.deep.equal([]);
  });

  it("name what a key needs, and the command that fixes it", () => {
    expect(costFaults({ ...FINE, enableAutoscaling: false })).to.have.nested.property(
      "[0].fix",
      "pulumi config set enableAutoscaling true",
    );
    expect(costFaults({ ...FINE, monthlyBudgetUsd: 0 })).to.have.nested.property(
      "[0].fix",
      "pulumi config rm brakeCapacity",
    );
    expect(costFaults({ ...FINE, brakeCapacity: 3 })).to.have.nested.property(
      "[0].fix",
      "pulumi config set brakeCapacity 2",
    );
  });

  it("say nothing about a key that has a fault by itself", () => {
    expect(costFaults({ brakeCapacity: 3 })).to.deep.equal([]);
  });
});
