import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import { TwinError } from "../../../../local/twin/errors.js";
import { writeArchive } from "../../../../local/twin/resources/archive.js";
import { assembleEndpoints } from "../../../../local/twin/resources/endpoints.js";
import type { Resource } from "../../../../local/twin/resources/types.js";
import { rejection } from "../support/until.js";

describe("a function's archive", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "archive-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is unpacked with its strings, files, folders and archives", async () => {
    const source = path.join(folder, "source");
    await writeArchive(new asset.AssetArchive({ "a.txt": new asset.StringAsset("from a folder") }), source);
    writeFileSync(path.join(folder, "one.txt"), "from a file");
    await writeArchive(
      new asset.AssetArchive({
        "index.mjs": new asset.StringAsset("export {};"),
        "deep/one.txt": new asset.FileAsset(path.join(folder, "one.txt")),
        folder: new asset.FileArchive(source),
      }),
      path.join(folder, "code"),
    );
    const read = (name: string): string => readFileSync(path.join(folder, "code", name), "utf8");
    expect(read("index.mjs")).to.equal("export {};");
    expect(read("deep/one.txt")).to.equal("from a file");
    expect(read("folder/a.txt")).to.equal("from a folder");
  });

  it("is refused if it holds something else, which the error names", async () => {
    const remote = new asset.AssetArchive({ "index.mjs": new asset.RemoteAsset("https://example.com/index.mjs") });
    const error = await rejection(writeArchive(remote, path.join(folder, "code")));
    expect(error).to.be.instanceOf(TwinError).and.to.have.property("code", "UNREADABLE_ASSET");
    expect(error.message).to.contain("RemoteAsset");
  });
});

const RESOURCES = {
  "aws:sagemaker/model:Model": [
    {
      id: "m-1",
      state: {
        executionRoleArn: "arn:role",
        primaryContainer: { image: "vep@sha256:1", environment: { THREADS: "2" } },
      },
    },
  ],
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": [
    {
      id: "c-1",
      state: {
        productionVariants: [{ variantName: "gpu", modelName: "m-1", instanceType: "ml.g6.2xlarge" }],
        asyncInferenceConfig: {
          clientConfig: { maxConcurrentInvocationsPerInstance: 4 },
          outputConfig: {
            s3OutputPath: "s3://data/out/",
            s3FailurePath: "s3://data/failures/",
            notificationConfig: { successTopic: "arn:good", errorTopic: "arn:bad" },
          },
        },
      },
    },
  ],
  "aws:sagemaker/endpoint:Endpoint": [
    { id: "vep-endpoint", state: { name: "vep-endpoint", endpointConfigName: "c-1" } },
  ],
  "aws:appautoscaling/target:Target": [
    { id: "t-1", state: { resourceId: "endpoint/vep-endpoint/variant/gpu", minCapacity: 0 } },
  ],
} satisfies Record<string, Resource[]>;

/** All of them except those of one type. */
function without(type: keyof typeof RESOURCES): Map<string, Resource[]> {
  return new Map(Object.entries(RESOURCES).filter(([other]) => other !== type));
}

describe("an endpoint of the program", () => {
  it("is assembled from configuration, model and scalable target", () => {
    expect(assembleEndpoints(new Map(Object.entries(RESOURCES)))).to.deep.equal([
      {
        name: "vep-endpoint",
        configName: "c-1",
        variantName: "gpu",
        instanceType: "ml.g6.2xlarge",
        model: {
          name: "m-1",
          image: "vep@sha256:1",
          environment: { THREADS: "2" },
          executionRoleArn: "arn:role",
        },
        outputPath: "s3://data/out/",
        failurePath: "s3://data/failures/",
        successTopic: "arn:good",
        errorTopic: "arn:bad",
        concurrency: 4,
        minCapacity: 0,
      },
    ]);
  });

  it("always has an instance if it has no scalable target", () => {
    const [endpoint] = assembleEndpoints(without("aws:appautoscaling/target:Target"));
    expect(endpoint?.minCapacity).to.equal(1);
  });

  it("is refused if its configuration is not among the resources", () => {
    const resources = without("aws:sagemaker/endpointConfiguration:EndpointConfiguration");
    expect(() => assembleEndpoints(resources)).to.throw(RangeError, "c-1");
  });
});
