import { expect } from "chai";
import { ecrImage } from "../../../components/shared/imageReference.js";
import { keepNewestImages } from "../../../components/endpoint/modelImage.js";
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
    expect(one("aws:sagemaker/model:Model").inputs["primaryContainer"]).to.deep.equal({ image: outputs["imageUri"] });
  });

  it("keeps the repository and its images unless told otherwise", async () => {
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

  it("takes a repository apart from the registry whose words it repeats", () => {
    const registry = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

    expect(ecrImage(`${registry}/ecr:v1`)).to.deep.equal({
      registryId: ACCOUNT,
      region: REGION,
      repositoryName: "ecr",
      repositoryUrl: `${registry}/ecr`,
      tag: "v1",
    });
    expect(ecrImage(`${registry}/ecr`)).to.equal(undefined);
  });

  it("pins a prebuilt image's tag to its digest", async () => {
    const { outputs } = await planned("default", { imageUri: `${REPOSITORY}:v1` });

    expect(outputs["imageUri"]).to.match(
      /^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/science\/amplify@sha256:[0-9a-f]{64}$/,
    );
  });
});
