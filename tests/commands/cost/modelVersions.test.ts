import { expect } from "chai";
import { estimateCost, type CostEstimate } from "../../../commands/cost/estimateCost.js";
import type { Load } from "../../../commands/cost/load.js";
import { costText } from "../../../commands/cost/printCost.js";
import { bundledPrices } from "../../../commands/cost/prices.js";
import { planned } from "../../support/plannedStack.js";

type Settings = Readonly<Record<string, string>>;

const V2 = { name: "v2", modelId: "chandar-lab/AMPLIFY_120M", instanceType: "ml.g6.xlarge" };

/** 1,000 proteins a day are 30,416.7 in a month of 730 hours. */
const LOAD: Load = { proteinsPerDay: 1_000, length: 500, pattern: "steady" };
const PROTEINS = (1_000 * 730) / 24;

const OFFICE: Load = { proteinsPerDay: 50, length: 400, pattern: "office" };

async function estimated(
  load: Load,
  settings: Settings,
  models: readonly object[] = [],
  active = "base",
): Promise<CostEstimate> {
  const keys = { ...settings, ...(models.length > 0 ? { models: JSON.stringify(models) } : {}) };
  const { resources } = await planned("default", keys);
  return estimateCost(resources, load, bundledPrices(), 12, { active });
}

function usdOf({ services }: CostEstimate, service: string): number {
  return services.find(({ name }) => name === service)?.usd ?? 0;
}

function hoursOf({ usage: { versions } }: CostEstimate): Record<string, number> {
  return Object.fromEntries(versions.map(({ name, hours }) => [name, hours]));
}

describe("estimateCost of a stack with model versions, calculated again by hand", () => {
  const ALWAYS_UP = { minCapacity: "1", maxCapacity: "1" };
  const up = [{ ...V2, minCapacity: 1, maxCapacity: 1 }];
  /** Of `base` and of v2, one instance each for 730 hours. */
  const INSTANCES = 730 * (1.222 + 1.1267);

  for (const [how, settings, jobs] of [
    // A split gives each protein to one version.
    ["a split", { modelB: "v2", modelBShare: "25" }, PROTEINS],
    // A shadow scores each protein again.
    ["a shadow", { modelB: "v2", modelBMode: "shadow" }, 2 * PROTEINS],
  ] as const) {
    const lines: readonly (readonly [string, number])[] = [
      ["SageMaker", INSTANCES],
      ["SNS", jobs * 0.5e-6],
      ["SQS", (jobs * 2 + 5 * 3 * 60 * 730) * 0.4e-6],
      // Two calls of the tools for a protein, of 0.2 s with 512 MB, and as long again for the submission of a shadow; one of
      // the recorder for a job, and 43,800 sweeps.
      [
        "Lambda",
        (PROTEINS * 2 + jobs + 43_800) * 0.2e-6 +
          ((PROTEINS * 2 + jobs - PROTEINS) * 0.1 + jobs * 0.05 + 43_800 * 0.075) * 0.0000133334,
      ],
      ["X-Ray", (PROTEINS * 2 + jobs + 43_800) * 5e-6],
      [
        "S3",
        // Request and result of each job are written, and its request is read; callers read one result for a protein.
        jobs * (2 * 0.005e-3 + 0.0004e-3) +
          PROTEINS * 0.0004e-3 +
          ((jobs * 0.8e-6) / (730 / 24)) * 7 * 0.023 +
          ((jobs * 160e-6) / (730 / 24)) * (30 * 0.023 + 60 * 0.0125 + 275 * 0.004) +
          jobs * (0.01e-3 + 0.02e-3),
      ],
    ];
    it(`${how}: ${lines.map(([service, usd]) => `${service} ${usd.toFixed(4)}`).join(", ")}`, async () => {
      const estimate = await estimated(LOAD, { ...ALWAYS_UP, ...settings }, up);

      for (const [service, usd] of lines) expect(usdOf(estimate, service), service).to.be.closeTo(usd, usd * 0.01);
      const queue = 2 * Math.ceil((estimate.usage.meanQueue * 0.8) / 8);
      const ledger =
        (jobs * (4.5 + queue) + 1.5 * 43_800) * 0.125e-6 +
        jobs * 12 * 0.625e-6 +
        (jobs / PROTEINS) * 1_000 * 365 * 0.8e-6 * 3 * 0.25;
      expect(usdOf(estimate, "DynamoDB")).to.be.closeTo(ledger, ledger * 0.01);
      expect(estimate.perProteinUsd).to.be.closeTo((estimate.monthlyUsd ?? 0) / PROTEINS, 1e-9);
    });
  }
});

describe("estimateCost of a stack with model versions", () => {
  const zero = { minCapacity: "0" };

  it("gives the whole load to base without modelB: the others wait", async () => {
    const one = await estimated(OFFICE, zero);
    const waiting = await estimated(OFFICE, zero, [V2]);
    const up = await estimated(OFFICE, zero, [{ ...V2, minCapacity: 2 }]);

    expect(hoursOf(waiting)).to.deep.equal({ base: one.usage.instanceHours, v2: 0 });
    expect(usdOf(waiting, "SageMaker")).to.equal(usdOf(one, "SageMaker"));
    // Two ml.g6.xlarge for 730 hours.
    expect(usdOf(up, "SageMaker") - usdOf(one, "SageMaker")).to.be.closeTo(2 * 730 * 1.1267, 0.5);
    expect(up.lines.find(({ price }) => price === 1.1267)?.what).to.equal("instances of v2");
    // Logs of a model only where it has jobs; the metrics of the functions once.
    const logs = ({ lines }: CostEstimate) => lines.filter(({ what }) => what.startsWith("logs, /aws/sagemaker"));
    expect(logs(waiting)).to.deep.equal(logs(one));
    expect(waiting.lines.filter(({ what }) => what === "own metrics")).to.have.length(1);
    // With itself, base splits nothing.
    expect(hoursOf(await estimated(OFFICE, { ...zero, modelB: "base" }, [V2]))).to.deep.equal(hoursOf(waiting));
  });

  it("gives the load to the version that is active, less the share of modelB", async () => {
    const split = { ...zero, modelB: "base", modelBShare: "40" };
    const alone = await estimated(OFFICE, { ...zero, modelB: "v2" }, [V2], "v2");
    const [base, v2] = (await estimated(OFFICE, split, [V2], "v2")).usage.versions;

    expect(alone.usage.versions.map(({ name, share }) => [name, share])).to.deep.equal([
      ["base", 0],
      ["v2", 1],
    ]);
    expect([base?.share, v2?.share]).to.deep.equal([0.4, 0.6]);
    expect(usdOf(alone, "SageMaker")).to.be.closeTo((alone.usage.versions[1]?.hours ?? 0) * 1.1267, 0.01);
    const refused = await estimated(OFFICE, zero, [V2], "v3").catch((error: unknown) => error);
    expect(refused)
      .to.be.instanceOf(Error)
      .with.property("message", "the stack has no model version 'v3'; it has base, v2.");
  });

  it("simulates each version with its share of the load, its own type and its own limits, as a stack of its own", async () => {
    const split = await estimated(OFFICE, { ...zero, modelB: "v2", modelBShare: "40" }, [{ ...V2, maxCapacity: 1 }]);
    const base = await estimated({ ...OFFICE, proteinsPerDay: 30 }, zero);
    const other = await estimated(
      { ...OFFICE, proteinsPerDay: 20 },
      { ...zero, instanceType: V2.instanceType, maxCapacity: "1" },
    );

    expect(hoursOf(split)).to.deep.equal({ base: base.usage.instanceHours, v2: other.usage.instanceHours });
    expect(usdOf(split, "SageMaker")).to.be.closeTo(usdOf(base, "SageMaker") + usdOf(other, "SageMaker"), 1e-6);
  });

  it("doubles the load with a shadow, for which nobody waits", async () => {
    const shadow = await estimated(OFFICE, { minCapacity: "1", modelB: "v2", modelBMode: "shadow" }, [V2]);
    const alone = await estimated(OFFICE, { ...zero, instanceType: V2.instanceType });
    const base = await estimated(OFFICE, { minCapacity: "1" });

    expect(hoursOf(shadow)).to.deep.equal({ base: base.usage.instanceHours, v2: alone.usage.instanceHours });
    expect(shadow.usage.jobs).to.equal(2 * shadow.usage.proteins);
    // v2 starts from zero, which takes its jobs minutes, and the answers are those of base.
    expect(shadow.p95_s).to.equal(base.p95_s);
    expect(alone.p95_s).to.be.above(600);
  });

  it("says which version has which part", async () => {
    const split = await estimated(OFFICE, { ...zero, modelB: "v2", modelBShare: "40" }, [{ ...V2, maxCapacity: 1 }]);
    const prices = { region: "us-east-1", date: "2026-11", notRefreshed: [] };
    const source = { stack: "dev", region: "us-east-1", instanceType: "ml.g6.2xlarge", refreshedTypes: [], prices };
    const text = costText(split, [], source);

    expect(text).to.match(/^base, ml\.g6\.2xlarge: \d+ hours a month, 60 % of the proteins\.$/m);
    expect(text).to.match(/^v2, ml\.g6\.xlarge: \d+ hours a month, 40 % of the proteins\.$/m);
    expect(text).to.match(/^The price of ml\.g6\.xlarge is a rate of hosting/m);
  });
});
