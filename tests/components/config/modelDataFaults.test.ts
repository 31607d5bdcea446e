import { expect } from "chai";
import { stackConfig } from "../../../local/program/stackConfig.js";
import { faults, given } from "./support/configuration.js";

const URL_OF_WEIGHTS = "s3://my-weights/amplify/fine-tuned.1/";

describe("modelDataUrl", () => {
  it("takes a folder in S3, with the defaults of the keys that it replaces", async () => {
    const { "amplify-vep:modelId": modelId = "", "amplify-vep:modelRevision": modelRevision = "" } = stackConfig();
    await given({ modelDataUrl: URL_OF_WEIGHTS, modelId, modelRevision });

    expect(faults()).to.deep.equal([]);
  });

  for (const [value, suggestion] of [
    ["s3://my-weights/amplify", "s3://my-weights/amplify/"],
    ["s3://my-weights/", "s3://my-weights/amplify/1/"],
    ["s3://my-weights", "s3://my-weights/amplify/1/"],
    ["s3://My_Weights/amplify/", "s3://my-weights/amplify/1/"],
    ["s3://my-weights/amplify/*/", "s3://my-weights/amplify/1/"],
    ["s3://my-weights/${aws:username}/", "s3://my-weights/amplify/1/"],
    ["s3://my-weights/a//b/", "s3://my-weights/amplify/1/"],
    ["https://my-weights.s3.amazonaws.com/amplify/", "s3://my-weights/amplify/1/"],
    ["./weights/", "s3://my-weights/amplify/1/"],
  ] as const) {
    it(`refuses '${value}'`, async () => {
      await given({ modelDataUrl: value });

      expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
        ["modelDataUrl", `pulumi config set modelDataUrl ${suggestion}`],
      ]);
    });
  }

  it("excludes a model of the hub and its revision", async () => {
    await given({ modelDataUrl: URL_OF_WEIGHTS, modelId: "chandar-lab/AMPLIFY_120M", modelRevision: "v1" });

    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["modelId", "pulumi config rm modelId"],
      ["modelRevision", "pulumi config rm modelRevision"],
    ]);
  });
});
