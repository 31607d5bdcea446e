import { expect } from "chai";
import { GPU_INSTANCE_TYPES } from "../../../components/shared/gpuInstances.js";
import { hourlyPrice, hourlyUsd } from "../../../components/shared/hourlyPrices.js";
import { BILLED } from "../../../commands/cost/billing.js";
import { estimateCost, type CostEstimate } from "../../../commands/cost/estimateCost.js";
import { FREE, isFree } from "../../../commands/cost/freeTypes.js";
import { loadTrace, monthlyProteins, type Load } from "../../../commands/cost/load.js";
import { bundledPrices, PRICES } from "../../../commands/cost/prices.js";
import { wholeStack } from "../../../commands/docs/plannedStack.js";
import { planned } from "../../support/plannedStack.js";

async function estimated(
  load: Load,
  settings: Readonly<Record<string, string>> = {},
  months = 12,
): Promise<CostEstimate> {
  const { resources } = await planned("default", settings);
  return estimateCost(resources, load, bundledPrices(), months);
}

function usdOf({ services }: CostEstimate, service: string): number {
  return services.find(({ name }) => name === service)?.usd ?? 0;
}

describe("estimateCost, calculated again by hand", () => {
  const LOAD: Load = { proteinsPerDay: 1_000, length: 500, pattern: "steady" };
  // 1,000 proteins a day are 30,416.7 in a month of 730 hours.
  const PROTEINS = (1_000 * 730) / 24;

  let estimate: CostEstimate;
  before(async () => {
    estimate = await estimated(LOAD, { minCapacity: "1", maxCapacity: "1" });
  });

  for (const [service, usd] of [
    // One ml.g6.2xlarge, always up: 1.222 USD for each of 730 hours.
    ["SageMaker", 892.06],
    // 15 alarms on one metric, and four on 2, 2, 2 and 5, at 0.10 a metric; with one instance nothing scales, and so has an
    // alarm. 0.50 for the pager, 3 for the dashboard, 7 metrics of the functions' own at 0.30.
    // Logs of 1 kB for a request to the model, three calls and 43,800 sweeps: 0.166 GB x 0.50, and 0.03 a month for 30 days.
    ["CloudWatch", 2.6 + 0.5 + 3 + 2.1 + (PROTEINS * 4 + 43_800) * 1e-6 * (0.5 + 0.03 * (30 / (730 / 24)))],
    // Two calls of 0.2 s with 512 MB, one with 256 MB, and 43,800 sweeps of 0.3 s with 256 MB.
    ["Lambda", (PROTEINS * 3 + 43_800) * 0.2e-6 + (PROTEINS * (0.2 + 0.05) + 43_800 * 0.075) * 0.0000133334],
    ["X-Ray", (PROTEINS * 3 + 43_800) * 5e-6],
    // 6 GB of image.
    ["ECR", 0.6],
    ["SNS", PROTEINS * 0.5e-6],
    // Two requests for a message, and five pollers that ask every 20 s.
    ["SQS", (PROTEINS * 2 + 5 * 3 * 60 * 730) * 0.4e-6],
    [
      "S3",
      PROTEINS * (2 * 0.005e-3 + 2 * 0.0004e-3) +
        // Requests of 0.8 kB are kept for 7 days.
        ((PROTEINS * 0.8e-6) / (730 / 24)) * 7 * 0.023 +
        // Results of 160 kB move to Standard-IA after 30 days, and to Glacier Instant Retrieval after 90 of 365.
        ((PROTEINS * 160e-6) / (730 / 24)) * (30 * 0.023 + 60 * 0.0125 + 275 * 0.004) +
        PROTEINS * (0.01e-3 + 0.02e-3),
    ],
  ] as const) {
    it(`${service}: ${usd.toFixed(4)} USD`, () => {
      expect(usdOf(estimate, service)).to.be.closeTo(usd, usd * 0.01);
    });
  }

  it("DynamoDB: reads of the job and of a short queue, writes, sweeps, and a year of jobs in three copies", () => {
    const queue = 2 * Math.ceil((estimate.usage.meanQueue * 0.8) / 8);
    const reads = PROTEINS * (4.5 + queue) + 1.5 * 43_800;
    const storage = 1_000 * 365 * 0.8e-6 * 3;
    const usd = reads * 0.125e-6 + PROTEINS * 12 * 0.625e-6 + storage * 0.25;

    expect(usdOf(estimate, "DynamoDB")).to.be.closeTo(usd, usd * 0.01);
  });

  it("adds up, and divides by proteins and by their variants", () => {
    const sum = estimate.services.reduce((total, { usd }) => total + (usd ?? 0), 0);

    expect(estimate.monthlyUsd).to.be.closeTo(sum, 1e-6);
    expect(estimate.perProteinUsd).to.be.closeTo(sum / PROTEINS, 1e-9);
    expect(estimate.per1000VariantsUsd).to.be.closeTo((sum / PROTEINS / (19 * 500)) * 1_000, 1e-12);
    expect(estimate.unpriced).to.deep.equal([]);
  });
});

describe("estimateCost", () => {
  const OFFICE: Load = { proteinsPerDay: 50, length: 400, pattern: "office" };

  it("takes the hours of instances from the simulated policies", async () => {
    const [zero, one] = await Promise.all([
      estimated(OFFICE, { minCapacity: "0" }),
      estimated(OFFICE, { minCapacity: "1" }),
    ]);

    expect(zero.usage.instanceHours).to.be.within(40, 220);
    expect(one.usage.instanceHours).to.be.closeTo(730, 15);
    expect(usdOf(zero, "SageMaker")).to.be.closeTo(zero.usage.instanceHours * 1.222, 0.01);
  });

  it("bills what each option adds", async () => {
    const none = await estimated(OFFICE);
    const all = await estimated(OFFICE, {
      network: "isolated",
      encryption: "kms",
      stream: "true",
      api: "true",
      apiCache: "true",
    });

    expect(usdOf(none, "VPC") + usdOf(none, "KMS") + usdOf(none, "Kinesis") + usdOf(none, "API Gateway")).to.equal(0);
    expect(usdOf(all, "VPC") / (0.01 * 730)).to.be.closeTo(Math.round(usdOf(all, "VPC") / 7.3), 1e-6);
    expect(usdOf(all, "VPC")).to.be.above(40);
    expect(usdOf(all, "KMS")).to.be.within(1, 1.1);
    expect(usdOf(all, "Kinesis")).to.be.closeTo(10.95, 0.01);
    expect(usdOf(all, "API Gateway")).to.be.within(14.6, 14.7);
  });

  it("grows with the months that results are kept", async () => {
    const [first, second] = await Promise.all([estimated(OFFICE, {}, 1), estimated(OFFICE, {}, 24)]);

    expect(usdOf(second, "S3")).to.be.above(usdOf(first, "S3"));
    expect(usdOf(second, "DynamoDB")).to.be.above(usdOf(first, "DynamoDB"));
  });

  it("has no sum where the price of the instance is unknown", async () => {
    const estimate = await estimated(OFFICE, { instanceType: "ml.p5en.48xlarge" });

    expect(estimate.monthlyUsd).to.equal(null);
    expect(estimate.perProteinUsd).to.equal(null);
    expect(estimate.services[0]).to.deep.equal({ name: "SageMaker", usd: null });
  });

  it("knows for each type of the whole stack whether it is billed", async () => {
    const types = new Set((await wholeStack()).filter(({ custom }) => custom).map(({ type }) => type));

    expect([...types].filter((type) => BILLED[type] === undefined && !isFree(type))).to.deep.equal([]);
    expect(Object.keys(BILLED).filter((type) => isFree(type))).to.deep.equal([]);
    expect(Object.values(FREE).every((reason) => reason.length > 3)).to.equal(true);
  });
});

describe("The prices", () => {
  it("have an entry for each instance type, unknown ones included", () => {
    for (const type of GPU_INSTANCE_TYPES) {
      const { usd, origin } = hourlyPrice(type);
      expect(usd === undefined, type).to.equal(origin === "unknown");
      if (usd !== undefined) expect(usd, type).to.be.within(0.5, 200);
    }
    expect(hourlyUsd("ml.g6.2xlarge")).to.equal(1.222);
    expect(hourlyUsd("ml.g6.toString")).to.equal(undefined);
    expect(hourlyUsd("ml.m5.large")).to.equal(undefined);
  });

  it("grow with the size within a family, for types with the same GPUs", () => {
    for (const family of ["g4dn", "g5", "g6", "g6e"]) {
      const prices = ["xlarge", "2xlarge", "4xlarge", "8xlarge"].map((size) => hourlyUsd(`ml.${family}.${size}`) ?? 0);
      expect(prices, family).to.deep.equal([...prices].sort((a, b) => a - b));
    }
  });

  it("name AWS's page for each", () => {
    for (const [key, { usd, page, unit }] of Object.entries(PRICES)) {
      expect(page, key).to.match(/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/$/);
      expect(usd, key).to.be.above(0);
      expect(unit, key).to.not.equal("");
    }
  });
});

describe("loadTrace", () => {
  it("has the proteins of a week, or whole days of large loads", () => {
    const week = loadTrace({ proteinsPerDay: 100, length: 300, pattern: "steady" });
    const days = loadTrace({ proteinsPerDay: 20_000, length: 300, pattern: "night" });

    expect(week.arrivals).to.have.length(700);
    expect(week.horizonSeconds).to.equal(7 * 86_400);
    expect(days.arrivals).to.have.length(60_000);
    expect(days.horizonSeconds).to.equal(3 * 86_400);
  });

  it("keeps to working hours", () => {
    const { arrivals } = loadTrace({ proteinsPerDay: 30, length: 300, pattern: "office" });

    expect(arrivals).to.have.length(150);
    expect(arrivals.every(({ at }) => at % 86_400 >= 9 * 3_600 && at % 86_400 <= 18 * 3_600)).to.equal(true);
    expect(Math.max(...arrivals.map(({ at }) => at)) / 86_400).to.be.below(5);
    expect(monthlyProteins({ proteinsPerDay: 30, length: 300, pattern: "office" })).to.be.closeTo(651.8, 0.1);
  });
});
