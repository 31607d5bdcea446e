import { expect } from "chai";
import { ASSUMPTIONS } from "../../../commands/simulate/assumptions.js";
import {
  comparedModels,
  comparePolicies,
  dominates,
  endpointModel,
  type PolicyFigures,
} from "../../../commands/simulate/comparePolicies.js";
import { plannedScaling } from "../../../commands/simulate/plannedScaling.js";
import { builtInTraces } from "../../../commands/simulate/traces.js";
import { planned } from "../../support/plannedStack.js";

type Settings = Readonly<Record<string, string>>;

async function compared(
  trace: string,
  settings: Settings,
  assumptions: Partial<typeof ASSUMPTIONS> = {},
): Promise<Record<string, PolicyFigures>> {
  const { resources } = await planned("default", { minCapacity: "0", ...settings });
  const taken = builtInTraces(ASSUMPTIONS.seed).find(({ name }) => name === trace);
  if (!taken) throw new Error(`There is no trace ${trace}.`);
  const models = comparedModels(resources);
  const { figures } = comparePolicies(models, endpointModel(resources), taken, { ...ASSUMPTIONS, ...assumptions });
  return Object.fromEntries(figures.policies.map((policy) => [policy.name, policy]));
}

function expectBetter({ planned: ours, plain }: Record<string, PolicyFigures>): void {
  if (!ours || !plain) throw new Error("A policy was not simulated.");
  const figures = JSON.stringify([ours, plain]);
  expect(ours.killed, figures).to.equal(0);
  expect(ours.lost, figures).to.equal(0);
  expect(dominates(ours, plain), figures).to.equal(true);
}

describe("The planned policies kill nothing, and are better than the plain one and in nothing worse", function () {
  this.timeout(180_000);

  for (const trace of ["lone", "burst", "office", "night"]) {
    it(`on the trace ${trace}, with up to two instances, the default`, async () => {
      expectBetter(await compared(trace, {}));
    });
  }

  for (const [trace, maxCapacity] of [
    ["lone", "4"],
    ["burst", "1"],
    ["burst", "4"],
    ["burst", "10"],
    ["office", "1"],
    ["office", "4"],
    ["night", "1"],
    ["night", "10"],
  ] as const) {
    it(`on the trace ${trace}, with up to ${maxCapacity}`, async () => {
      expectBetter(await compared(trace, { maxCapacity }));
    });
  }

  it("on a burst, if AWS refuses changes while instances start", async () => {
    expectBetter(await compared("burst", {}, { updates: "refused" }));
  });

  it("on a burst, if the backlog does not count what is in progress, and metrics come at once or two minutes late", async () => {
    expectBetter(await compared("burst", {}, { backlogCounts: "waiting" }));
    expectBetter(await compared("burst", {}, { publicationSeconds: 0 }));
    expectBetter(await compared("burst", {}, { publicationSeconds: 120 }));
  });

  it("except for lone proteins with one instance: a shorter wait costs more GPU hours (docs/scaling.md)", async () => {
    const { planned: ours, plain } = await compared("lone", { maxCapacity: "1" });

    expect(ours?.killed).to.equal(0);
    expect(ours?.p95_s).to.be.below(plain?.p95_s ?? 0);
    expect((ours?.gpu_hours ?? 0) / (plain?.gpu_hours ?? 1)).to.be.within(1, 1.2);
  });
});

describe("The cooldown between scale-outs", () => {
  it("is longer than a start: 12 long requests start three instances, and not more while these start", async () => {
    const { resources } = await planned("default", { minCapacity: "0", maxCapacity: "20" });
    const twelve = {
      name: "twelve",
      description: "twelve long proteins at once",
      horizonSeconds: 7_200,
      arrivals: Array.from({ length: 12 }, () => ({ at: 600, length: 6_000 })),
    };

    const { results } = comparePolicies([plannedScaling(resources)], endpointModel(resources), twelve, ASSUMPTIONS);

    const instances = results.get("planned")?.samples.map((sample) => sample.instances) ?? [];
    expect(Math.max(...instances)).to.equal(3);
  });
});

describe("workHours in the simulation", function () {
  this.timeout(180_000);

  it("keeps an instance up in working hours, and none outside", async () => {
    const [off, on] = await Promise.all([compared("office", {}), compared("office", { workHours: "Mon-Fri 8-18" })]);

    expect(on["planned"]?.p95_s).to.be.below((off["planned"]?.p95_s ?? 0) / 5);
    // Five days of ten hours, the starts, and work that ends after them.
    expect(on["planned"]?.gpu_hours).to.be.within(49, 56);
  });
});

describe("stepDownMinutes in the simulation", function () {
  this.timeout(180_000);

  it("stops an instance of a trickle that keeps all up", async () => {
    const settings = { maxCapacity: "4", minCapacity: "0" };
    const trickle = {
      name: "trickle",
      description: "a burst, and then a protein each minute",
      horizonSeconds: 8 * 3_600,
      arrivals: Array.from({ length: 560 }, (_, index) => ({ at: index < 200 ? 60 : (index - 199) * 60, length: 600 })),
    };
    trickle.arrivals.sort((a, b) => a.at - b.at);
    const hours = await Promise.all(
      ["0", "60"].map(async (stepDownMinutes) => {
        const { resources } = await planned("default", { ...settings, stepDownMinutes });
        const models = comparedModels(resources).slice(0, 1);
        const { figures } = comparePolicies(models, endpointModel(resources), trickle, ASSUMPTIONS);
        return figures.policies[0]?.gpu_hours ?? 0;
      }),
    );

    expect(hours[1]).to.be.below((hours[0] ?? 0) * 0.8);
  });
});
