import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { runCost } from "../../../commands/cost/runCost.js";
import { UsageError } from "../../../commands/command.js";
import { csvTrace } from "../../../commands/simulate/csvTrace.js";
import type { TraceFigures } from "../../../commands/simulate/comparePolicies.js";
import { runSimulate, type SimulateOptions } from "../../../commands/simulate/runSimulate.js";

const OPTIONS: SimulateOptions = {
  set: [],
  wait: 1_200,
  quiet: [],
  runs: 1,
  seed: 1,
  start: 643,
  updates: "accepted",
};

describe("npm run simulate and vep cost", function () {
  this.timeout(180_000);

  let folder = "";
  const printed: string[] = [];
  const { log } = console;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "simulate-"));
    printed.length = 0;
    console.log = (text: string) => {
      printed.push(text);
    };
  });
  afterEach(() => {
    console.log = log;
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it("writes a table, JSON and a picture of a user's trace", async () => {
    const trace = write("jobs.csv", "time,length\n0,300\n30,1200\n7200,300\n");
    const [json, picture] = ["out.json", "out.svg"].map((name) => path.join(folder, name));

    expect(await runSimulate({ ...OPTIONS, trace, json: json ?? "", picture: picture ?? "" })).to.equal(0);

    const { traces } = JSON.parse(readFileSync(json ?? "", "utf8")) as {
      traces: { name: string; policies: Record<string, number | string>[] }[];
    };
    expect(traces.map(({ name }) => name)).to.deep.equal(["jobs"]);
    expect(traces[0]?.policies.map(({ name }) => name)).to.deep.equal(["planned", "plain", "fixed"]);
    for (const policy of traces[0]?.policies ?? []) {
      expect(policy).to.include.keys("p50_s", "p95_s", "p99_s", "gpu_hours", "usd", "killed");
      expect(Number(policy["usd"])).to.be.closeTo(Number(policy["gpu_hours"]) * 1.222, 0.01);
    }
    expect(printed.join("\n")).to.match(/minCapacity=0; ml\.g6\.2xlarge, 1\.222 USD an hour/);
    const svg = readFileSync(picture ?? "", "utf8");
    expect(svg.match(/<polyline/g)).to.have.length(6);
    expect(svg).to.include("jobs without an end").and.not.include("NaN");
  });

  it("simulates the stack as it is configured, where one is named", async () => {
    const trace = write("jobs.csv", "time,length\n0,300\n");
    await runSimulate({ ...OPTIONS, stack: "prod", trace });

    expect(printed.join("\n")).to.include("Stack prod; ml.g6.4xlarge");
  });

  it("adds up runs of chance, and compares other quiet times before the way down", async () => {
    const trace = write("jobs.csv", "time,length\n0,300\n3600,1200\n");
    const json = path.join(folder, "out.json");
    await runSimulate({ ...OPTIONS, trace, json, runs: 3, quiet: [2, 30] });
    const { traces } = JSON.parse(readFileSync(json, "utf8")) as { traces: TraceFigures[] };
    const hours = Object.fromEntries(traces[0]?.policies.map(({ name, gpu_hours }) => [name, gpu_hours]) ?? []);

    expect(traces[0]?.jobs).to.equal(6);
    expect(Object.keys(hours)).to.deep.equal(["planned", "quiet 2", "quiet 30", "plain", "fixed"]);
    // Both jobs start an instance: a minute less each, or 27 more.
    expect((hours["planned"] ?? 0) - (hours["quiet 2"] ?? 0)).to.be.closeTo(2 / 60, 0.001);
    expect((hours["quiet 30"] ?? 0) - (hours["planned"] ?? 0)).to.be.closeTo(54 / 60, 0.001);
    // Two instances for a day, in each run.
    expect(hours["fixed"]).to.equal(48);
    expect(printed.join("\n")).to.include("3 runs, 6 jobs of jobs: hours and USD are those of one run");
  });

  for (const [options, message] of [
    [{ runs: 2, tune: true }, "--tune does not go with --runs"],
    [{ quiet: [5], picture: "out.svg" }, "--picture does not go with --quiet"],
    [{ set: ["maxCapacity=1", "minCapacity=1"], quiet: [5] }, "have no way down"],
    [{ trace: "night.txt" }, "is neither a CSV file nor one of lone, burst, office, night"],
    [{ set: ["maxCapacity"] }, "is not of the form key=value"],
    [{ tune: true }, "--tune needs one trace"],
    [{ trace: "missing.csv" }, "cannot be read"],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, async () => {
      const error = await runSimulate({ ...OPTIONS, ...options }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );

      expect(error).to.be.instanceOf(UsageError).with.property("message").that.includes(message);
    });
  }

  it("prints a cost as JSON, with sums that agree", async () => {
    const load = { proteins: 20, length: 300, pattern: "office", month: 12 } as const;
    expect(await runCost({ stack: "dev", set: [], ...load, json: true })).to.equal(0);

    const cost = JSON.parse(printed.join("\n")) as {
      monthly_usd: number;
      services: { name: string; usd: number }[];
      per_protein_usd: number;
      per_1000_variants_usd: number;
      load: { proteins_per_month: number };
    };
    expect(cost.services.reduce((sum, { usd }) => sum + usd, 0)).to.be.closeTo(cost.monthly_usd, 0.01);
    expect(cost.per_protein_usd).to.be.closeTo(cost.monthly_usd / ((20 * 730 * 5) / 24 / 7), 0.001);
    expect(cost.per_1000_variants_usd).to.be.closeTo((cost.per_protein_usd / 5_700) * 1_000, 1e-5);
    expect(cost.services[0]?.name).to.equal("SageMaker");
  });

  it("prints a cost as text, and compares instance types and scale-to-zero", async () => {
    const load = { proteins: 20, length: 300, pattern: "night", month: 12 } as const;
    await runCost({ stack: "dev", set: ["maxCapacity=2"], ...load, compare: true });

    const text = printed.join("\n");
    expect(text).to.include("20 proteins a day of 300 residues, at once at 20:00");
    expect(text).to.match(/ml\.g5\.xlarge +NVIDIA A10G +0 /);
    expect(text).to.match(/ml\.g6\.2xlarge +NVIDIA L4 +1 /);
    expect(text).to.include("Not confirmed are the prices of");
  });

  it("refuses loads that are too large to simulate", async () => {
    const load = { proteins: 1_000_000, length: 300, pattern: "steady", month: 12 } as const;
    const error = await runCost({ stack: "dev", set: [], ...load }).catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(UsageError).with.property("message").that.includes("docs/scale.md");
  });
});

describe("csvTrace", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trace-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const traceOf = (text: string): ReturnType<typeof csvTrace> => {
    const file = path.join(folder, "jobs.csv");
    writeFileSync(file, text);
    return csvTrace(file);
  };

  it("keeps the hour and the day of the week of dates, in any order of columns", () => {
    // A Wednesday.
    const trace = traceOf("id,Length,TIME\na,300,2026-11-25T09:30:00Z\nb,400,2026-11-25T09:00:00Z\n");

    const wednesday = 2 * 86_400;
    expect(trace.arrivals).to.deep.equal([
      { at: wednesday + 9 * 3_600, length: 400 },
      { at: wednesday + 9.5 * 3_600, length: 300 },
    ]);
    expect(trace.horizonSeconds).to.equal(3 * 86_400);
  });

  for (const [text, message] of [
    ["when,length\n1,2\n", "needs the columns time and length"],
    ["time,length\n", "has no lines after its header"],
    ["time,length\nnow,300\n", "line 2: the time 'now'"],
    ["time,length\n1,0\n", "line 2: the length '0'"],
    ["time,length\n1,10001\n", "line 2: the length '10001'"],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => traceOf(text)).to.throw(UsageError, message);
    });
  }
});
