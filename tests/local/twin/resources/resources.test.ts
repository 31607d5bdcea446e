import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import { TwinError } from "../../../../local/twin/errors.js";
import { writeArchive } from "../../../../local/twin/resources/archive.js";
import { assembleEndpoints } from "../../../../local/twin/resources/endpoints.js";
import type { Made } from "../../../../local/twin/resources/types.js";
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

  it("is refused where it holds something else, which is named", async () => {
    const remote = new asset.AssetArchive({ "index.mjs": new asset.RemoteAsset("https://example.com/index.mjs") });
    const error = await rejection(writeArchive(remote, path.join(folder, "code")));
    expect(error).to.be.instanceOf(TwinError).and.to.have.property("code", "UNREADABLE_ASSET");
    expect(error.message).to.contain("RemoteAsset");
  });
});

const MADE = {
  "aws:sagemaker/model:Model": [
    { id: "m-1", state: { primaryContainer: { image: "vep@sha256:1", environment: { THREADS: "2" } } } },
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
} satisfies Record<string, Made[]>;

/** All of it but one type. */
function without(type: keyof typeof MADE): Map<string, Made[]> {
  return new Map(Object.entries(MADE).filter(([other]) => other !== type));
}

describe("an endpoint of the program", () => {
  it("is put together from configuration, model and scalable target", () => {
    expect(assembleEndpoints(new Map(Object.entries(MADE)))).to.deep.equal([
      {
        settings: {
          name: "vep-endpoint",
          configName: "c-1",
          variantName: "gpu",
          instanceType: "ml.g6.2xlarge",
          image: "vep@sha256:1",
          outputPath: "s3://data/out/",
          failurePath: "s3://data/failures/",
          successTopic: "arn:good",
          errorTopic: "arn:bad",
          concurrency: 4,
          minCapacity: 0,
        },
        containerEnvironment: { THREADS: "2" },
      },
    ]);
  });

  it("always has an instance where nothing scales it", () => {
    const [endpoint] = assembleEndpoints(without("aws:appautoscaling/target:Target"));
    expect(endpoint?.settings.minCapacity).to.equal(1);
  });

  it("is refused where it names a configuration that nobody made", () => {
    const made = without("aws:sagemaker/endpointConfiguration:EndpointConfiguration");
    expect(() => assembleEndpoints(made)).to.throw(RangeError, "c-1");
  });
});
