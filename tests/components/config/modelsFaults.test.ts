import { expect } from "chai";
import { readConfig } from "../../../components/config/config.js";
import { faults, given } from "./support/configuration.js";

const V2 = { name: "v2", modelId: "chandar-lab/AMPLIFY_120M" };

/** Faults of a configuration with these versions, and other keys. */
async function faultsOf(models: readonly object[] | string, more: Record<string, string> = {}) {
  await given({ models: typeof models === "string" ? models : JSON.stringify(models), ...more });
  return faults();
}

describe("the keys of model versions", () => {
  it("give each version its names, and the defaults of the stack", async () => {
    const v3 = {
      name: "v3",
      modelDataUrl: "s3://weights/3/",
      instanceType: "ml.g5.xlarge",
      minCapacity: 1,
      maxCapacity: 4,
    };
    await given({ models: JSON.stringify([V2, v3]), projectName: "dev-agent" }, { stack: "test" });

    const [second, third] = readConfig().versions;

    expect(second).to.include({
      name: "v2",
      prefix: "dev-agent-test-model-v2",
      endpointName: "dev-agent-test-model-v2-endpoint",
      buildName: "dev-agent-test-model-v2-image-build",
      modelId: "chandar-lab/AMPLIFY_120M",
      modelRevision: "main",
      instanceType: "ml.g6.2xlarge",
      minCapacity: 0,
      maxCapacity: 2,
    });
    expect(third).to.include({
      modelDataUrl: "s3://weights/3/",
      instanceType: "ml.g5.xlarge",
      minCapacity: 1,
      maxCapacity: 4,
    });
  });

  it("refuse a split of 101 %", async () => {
    const [fault] = await faultsOf([V2], { modelB: "v2", modelBShare: "101" });

    expect(fault).to.deep.equal({
      key: "modelBShare",
      value: "101",
      problem: "allowed is an integer from 0 to 100",
      fix: "pulumi config set modelBShare 100",
    });
  });

  it("refuse two versions with one name, and the name of the single-model keys", async () => {
    const found = await faultsOf([V2, { ...V2, modelId: "chandar-lab/AMPLIFY_350M" }, { ...V2, name: "base" }]);

    expect(found.map(({ key, problem, fix }) => ({ key, problem, fix }))).to.deep.equal([
      {
        key: "models[1].name",
        problem: "allowed is a name that no other version has: this is the name of models[0]",
        fix: "pulumi config set --path 'models[1].name' v3",
      },
      {
        key: "models[2].name",
        problem:
          "allowed is a name that no other version has: this is the name of the version of the keys modelId, imageUri and so on",
        fix: "pulumi config set --path 'models[2].name' v4",
      },
    ]);
  });

  for (const [what, models, more, key, problem] of [
    ["a text", "v2", {}, "models", /allowed is a list/],
    ["an unknown field", [{ ...V2, model: "x" }], {}, "models", /models\[0\]: Unrecognized key: "model"/],
    [
      "a CPU instance",
      [{ ...V2, instanceType: "ml.c5.xlarge" }],
      {},
      "models",
      /models\[0\]\.instanceType: allowed is a GPU/,
    ],
    ["five versions", [1, 2, 3, 4, 5].map((n) => ({ ...V2, name: `v${n}` })), {}, "models", /<=4 items/],
    ["a version without a model", [{ name: "v2" }], {}, "models[0].modelId", /names no model/],
    ["two sources", [{ ...V2, modelDataUrl: "s3://weights/1/" }], {}, "models[0].modelId", /only without modelDataUrl/],
    [
      "a revision of nothing",
      [{ name: "v2", modelDataUrl: "s3://weights/1/", revision: "main" }],
      {},
      "models[0].revision",
      /only with modelId/,
    ],
    [
      "more instances at least than at most",
      [{ ...V2, minCapacity: 3 }],
      {},
      "models[0].minCapacity",
      /maxCapacity, which is 2/,
    ],
    [
      "working hours of nobody",
      [{ ...V2, workHoursCapacity: 1 }],
      {},
      "models[0].workHoursCapacity",
      /only with workHours/,
    ],
    [
      "more instances in working hours than at most",
      [{ ...V2, workHoursCapacity: 3 }],
      { minCapacity: "0", workHours: "Mon-Fri 8-18" },
      "models[0].workHoursCapacity",
      /at most maxCapacity, which is 2/,
    ],
    [
      "no more instances in working hours than always",
      [{ ...V2, minCapacity: 2, workHoursCapacity: 2 }],
      { minCapacity: "0", workHours: "Mon-Fri 8-18" },
      "models[0].workHoursCapacity",
      /above minCapacity, which is 2/,
    ],
    ["a long name", [{ ...V2, name: "the-second-version-of-all" }], {}, "models[0].name", /characters, allowed are 40/],
    ["no scaling", [V2], { enableAutoscaling: "false" }, "enableAutoscaling", /idle version would keep an instance/],
    ["an unknown modelB", [V2], { modelB: "v3" }, "modelB", /a version of the stack: base, v2/],
    ["a share of nobody", [V2], { modelBShare: "50" }, "modelBShare", /only with modelB/],
    ["a shadow of nobody", [V2], { modelBMode: "shadow" }, "modelBMode", /only with modelB/],
    [
      "a share of a shadow",
      [V2],
      { modelB: "v2", modelBMode: "shadow", modelBShare: "50" },
      "modelBShare",
      /only with modelBMode split/,
    ],
    ["a modelB without versions", [], { modelB: "v2" }, "modelB", /only with models/],
    ["governance without versions", [], { modelGovernance: "true" }, "modelGovernance", /only with models/],
    ["a guard without versions", [], { modelGuard: "true" }, "modelGuard", /only with models/],
    [
      "names that do not fit the environment of a function",
      [1, 2, 3, 4].map((n) => ({ name: `v${n}`, modelId: `owner/${"x".repeat(120)}`, revision: "r".repeat(250) })),
      {},
      "models",
      /4 kB/,
    ],
  ] as const) {
    it(`refuse ${what}`, async () => {
      const found = await faultsOf(models, more);

      expect(found.map((fault) => fault.key)).to.deep.equal([key]);
      expect(found[0]?.problem).to.match(problem);
      expect(found[0]?.fix).to.match(/^pulumi config (set|rm) /);
    });
  }
});
