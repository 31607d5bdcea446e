import { readdirSync } from "node:fs";
import { runtime, secret } from "@pulumi/pulumi";
import { expect } from "chai";
import { keepNewestImages } from "../../../components/endpoint/imageRepository.js";
import { ModelImage } from "../../../components/endpoint/modelImage.js";
import { ENCRYPTED } from "../../../local/program/stackConfig.js";
import { PLACE } from "../../support/component.js";
import { ACCOUNT, planned, REGION } from "../../support/plannedStack.js";

const DIGEST = `sha256:${"0".repeat(64)}`;
const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/science/amplify`;

describe("ModelImage", () => {
  it("scans what is pushed and never overwrites a tag", async () => {
    const { one } = await planned();

    const { inputs } = one("aws:ecr/repository:Repository");

    expect(inputs).to.deep.include({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: false,
    });
    expect(inputs).to.not.have.property("name");
  });

  it("keeps the newest ten images", async () => {
    const { one } = await planned();

    const { inputs } = one("aws:ecr/lifecyclePolicy:LifecyclePolicy");

    expect(inputs["policy"]).to.deep.equal(keepNewestImages(10));
    expect(keepNewestImages(10).rules).to.have.length(1);
  });

  it("builds for SageMaker: amd64, Docker's manifests, the model as build arguments, nothing on preview", async () => {
    const { one } = await planned("default", { modelId: "chandar-lab/AMPLIFY_120M", modelRevision: "v1" });

    const { inputs } = one("docker-build:index:Image");

    expect(inputs).to.deep.include({
      platforms: ["linux/amd64"],
      buildArgs: { MODEL_ID: "chandar-lab/AMPLIFY_120M", MODEL_REVISION: "v1" },
      buildOnPreview: false,
      push: false,
      exports: [{ registry: { ociMediaTypes: false, push: true } }],
      context: { location: "./image" },
    });
  });

  it("has another tag for another model, and the same for the same", async () => {
    const first = (await planned()).one("docker-build:index:Image").inputs["tags"];
    const same = (await planned("prod")).one("docker-build:index:Image").inputs["tags"];
    const other = (await planned("default", { modelRevision: "v1" })).one("docker-build:index:Image").inputs["tags"];

    const tag = (tags: unknown): string | undefined => String(tags).split(":").at(-1);
    expect(tag(first)).to.match(/^[0-9a-f]{32}$/);
    expect(tag(same)).to.equal(tag(first));
    expect(tag(other)).to.not.equal(tag(first));
  });

  it("refers to the image by digest", async () => {
    const { one, outputs } = await planned();

    expect(outputs["imageUri"]).to.match(
      /^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/[a-z0-9-]+@sha256:[0-9a-f]{64}$/,
    );
    expect(one("aws:sagemaker/model:Model").inputs["primaryContainer"]).to.deep.equal({
      image: outputs["imageUri"],
      environment: { AMPLIFY_MODEL_VERSION: String(outputs["imageUri"]).split("@")[1] },
    });
  });

  it("keeps the repository and its images unless retainData is false", async () => {
    const kept = await planned();
    const gone = await planned("default", { retainData: "false" });

    expect(kept.one("aws:ecr/repository:Repository").options.retainOnDelete).to.equal(true);
    expect(gone.one("aws:ecr/repository:Repository").options.retainOnDelete).to.equal(false);
    expect(gone.one("aws:ecr/repository:Repository").inputs["forceDelete"]).to.equal(true);
  });

  it("takes a prebuilt image by its digest and builds nothing", async () => {
    const { all, outputs } = await planned("default", { imageUri: `${REPOSITORY}@${DIGEST}` });

    expect(outputs["imageUri"]).to.equal(`${REPOSITORY}@${DIGEST}`);
    expect(all("docker-build:index:Image")).to.deep.equal([]);
    expect(all("aws:ecr/repository:Repository")).to.deep.equal([]);
  });

  it("pins a prebuilt image's tag to its digest", async () => {
    const { outputs } = await planned("default", { imageUri: `${REPOSITORY}:v1` });

    expect(outputs["imageUri"]).to.match(
      /^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/science\/amplify@sha256:[0-9a-f]{64}$/,
    );
  });
});

describe("ModelImage of another registry", () => {
  const REFERENCE = `ghcr.io/owner/model@${DIGEST}`;
  const credentials = { registryUsername: "lab", registryPassword: ENCRYPTED };
  const tagOf = async (imageUri: string): Promise<string | undefined> => {
    const { inputs } = (await planned("default", { imageUri })).one("docker-build:index:Image");
    return String(inputs["tags"]).split(":").at(-1);
  };

  it("is a build of one line for SageMaker, with no files and nothing on preview", async () => {
    const { one } = await planned("default", { imageUri: REFERENCE });

    const { inputs, options } = one("docker-build:index:Image");

    expect(inputs).to.deep.include({
      context: { location: "./components/endpoint/emptyContext" },
      dockerfile: { inline: `FROM ${REFERENCE}\n` },
      platforms: ["linux/amd64"],
      buildOnPreview: false,
      push: false,
      exports: [{ registry: { ociMediaTypes: false, push: true } }],
    });
    expect(inputs).to.not.have.property("buildArgs");
    expect(options.retainOnDelete).to.equal(true);
    expect(readdirSync("components/endpoint/emptyContext")).to.deep.equal([".dockerignore"]);
  });

  it("is pushed to the repository of the stack, and the model refers to it by digest", async () => {
    const { one, outputs } = await planned("default", { imageUri: REFERENCE });

    const { inputs } = one("docker-build:index:Image");

    expect(outputs["imageUri"]).to.match(
      /^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/[a-z0-9-]+@sha256:[0-9a-f]{64}$/,
    );
    expect(String(inputs["tags"]).split(":")[0]).to.equal(String(outputs["imageUri"]).split("@")[0]);
    expect(one("aws:sagemaker/model:Model").inputs["primaryContainer"]).to.deep.equal({
      image: outputs["imageUri"],
      environment: { AMPLIFY_MODEL_VERSION: String(outputs["imageUri"]).split("@")[1] },
    });
  });

  it("has a tag that depends on the reference alone", async () => {
    const tag = await tagOf(REFERENCE);

    expect(tag).to.match(/^[0-9a-f]{32}$/);
    expect(await tagOf(`${REFERENCE.slice(0, -1)}1`)).to.not.equal(tag);
    const other = await planned("prod", { imageUri: REFERENCE, modelRevision: "v1" });
    expect(String(other.one("docker-build:index:Image").inputs["tags"]).split(":").at(-1)).to.equal(tag);
  });

  for (const [imageUri, address] of [
    [REFERENCE, "ghcr.io"],
    ["owner/model:v1", "docker.io"],
    ["localhost:5000/model:v1", "localhost:5000"],
  ] as const) {
    it(`is pulled with the credentials of ${address}`, async () => {
      const { one } = await planned("default", { imageUri, ...credentials });

      const registries = one("docker-build:index:Image").inputs["registries"];

      expect(registries).to.have.length(2);
      expect(registries).to.have.deep.nested.property("[1]", { address, username: "lab", password: ENCRYPTED });
    });
  }

  it("is pulled without credentials where there are none", async () => {
    const { one } = await planned("default", { imageUri: REFERENCE });

    expect(one("docker-build:index:Image").inputs["registries"]).to.have.length(1);
  });

  it("keeps the password out of the state", async () => {
    let inputs: Record<string, unknown> = {};
    const newResource: runtime.Mocks["newResource"] = (resource) => {
      if (resource.type === "docker-build:index:Image") inputs = resource.inputs as typeof inputs;
      return { id: resource.name, state: { ...(resource.inputs as object), digest: DIGEST } };
    };
    await runtime.setMocks(
      { newResource, call: () => ({ userName: "AWS", password: "token" }) },
      "amplify-vep",
      "test",
    );
    new ModelImage("image", {
      place: PLACE,
      tags: {},
      modelId: "owner/model",
      modelRevision: "main",
      modelDataUrl: "",
      imageUri: REFERENCE,
      registryUsername: "lab",
      registryPassword: secret("hunter2"),
      imageBuild: "local",
      buildName: "image-build",
      bucket: { bucketName: "data", bucketArn: "arn:aws:s3:::data" },
      logRetentionDays: 30,
      iamPermissionsBoundary: "",
      iamPath: "/",
      retainData: true,
    });
    await runtime.disconnect();

    const registries: unknown = runtime.unwrapRpcSecret(inputs["registries"]);

    expect(runtime.isRpcSecret(inputs["registries"])).to.equal(true);
    expect(registries).to.have.deep.nested.property("[1].password", "hunter2");
  });
});
