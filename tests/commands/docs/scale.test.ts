import { expect } from "chai";
import { queueReadUnits } from "../../../commands/cost/jobRequests.js";
import { scaleOf, scaleTable, submissionsPerSecond, type Load } from "../../../commands/docs/scale.js";

const NIGHT: Load = { name: "a night", proteins: 20_000, residues: 300, hours: 8 };

describe("the arithmetic of docs/scale.md", () => {
  it("gives what the same sum by hand gives", () => {
    const { gpuHours, instances, readUnits, writeUnits, s3Puts, transitions, usdGpu, usdOther, perSecond } =
      scaleOf(NIGHT);

    // 300 x 300 tokens at 43,000 tokens in a second.
    expect(gpuHours).to.be.closeTo((20_000 * 90_000) / 43_000 / 3_600, 0.01);
    expect(instances).to.equal(2);
    expect(perSecond).to.be.closeTo(0.694, 0.001);
    expect(readUnits).to.equal(20_000 * 204.5);
    expect(writeUnits).to.equal(240_000);
    expect(s3Puts).to.equal(40_000);
    expect(transitions).to.equal(2_000);
    expect(usdGpu).to.be.closeTo(gpuHours * 1.222, 0.001);
    expect(usdOther).to.be.closeTo(0.511 + 0.15 + 0.2 + 0.016 + 0.05 + 0.012 + 0.08 + 0.026, 0.005);
  });

  it("grows with the number of proteins, and with the square of their length", () => {
    const twice = scaleOf({ ...NIGHT, proteins: 40_000 });
    const longer = scaleOf({ ...NIGHT, residues: 600 });

    expect(twice.gpuHours).to.be.closeTo(2 * scaleOf(NIGHT).gpuHours, 1e-6);
    expect(longer.gpuHours).to.be.closeTo(4 * scaleOf(NIGHT).gpuHours, 1e-6);
    expect(longer.usdOther).to.equal(scaleOf(NIGHT).usdOther);
  });

  it("finds the rate at which reading the queue exhausts one partition of the index", () => {
    expect(queueReadUnits(1_000)).to.equal(200);
    expect(submissionsPerSecond(1_000)).to.equal(15);
    expect(submissionsPerSecond(100)).to.equal(150);
  });

  it("is a table with a column for each load", () => {
    const [header, , ...rows] = scaleTable().split("\n");

    expect(header?.split("|")).to.have.length(7);
    for (const row of rows) expect(row.split("|"), row).to.have.length(7);
  });
});
