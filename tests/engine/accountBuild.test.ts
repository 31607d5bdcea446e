import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import { accountBuild, type AccountBuild } from "./support/accountBuild.js";
import type { Deployment } from "./support/deployment.js";
import { describeEngine, empty, fresh } from "./support/engine.js";
import { expectStateMatchesCloud, lines } from "./support/expect.js";

const STACK = "defaults";
const PREFIX = resourcePrefix("protein-agent", STACK);
const OTHER_MODEL = { modelId: "chandar-lab/AMPLIFY_120M" };

const NEW_MODEL = [
  "create Model model",
  "create EndpointConfiguration config",
  "update MetricAlarm bad-image: dimensions",
  "update Endpoint endpoint: endpointConfigName",
  "delete EndpointConfiguration config",
  "delete Model model",
];

const BUILD_RESOURCES = [
  "BucketObjectv2 image-build-context",
  "LogGroup image-build-logs",
  "Role image-build-role",
  "RolePolicy image-build-policy",
  "Project image-build",
  "RandomId image-pushed",
];

describeEngine("an image that CodeBuild builds, with the real engine", () => {
  let account: AccountBuild;

  afterEach(() => {
    account.close();
  });

  async function deployed(): Promise<Deployment> {
    const stack = await empty(STACK, { imageBuild: "codebuild" });
    account = await accountBuild(stack.cloud);
    const up = await stack.up();
    expect(up.messages).to.deep.equal([]);
    return stack;
  }

  it("is built by the first up and not by a preview, and the model uses its digest", async () => {
    const stack = await empty(STACK, { imageBuild: "codebuild" });
    account = await accountBuild(stack.cloud);

    const preview = await stack.preview();
    const askedByPreview = [...account.emulator.asked];
    const up = await stack.up();

    expect(preview.messages).to.deep.equal([]);
    expect(askedByPreview).to.deep.equal([]);
    expect(up.messages).to.deep.equal([]);
    expect(account.emulator.started).to.equal(1);
    const pushed = Object.entries(stack.cloud.state.images).flatMap(([repository, images]) =>
      Object.values(images).map((digest) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/${repository}@${digest}`),
    );
    const { primaryContainer } = stack.cloud.only("aws:sagemaker/model:Model").inputs;
    expect(pushed).to.deep.equal([(primaryContainer as { image: string }).image]);
    expectStateMatchesCloud(stack);
  });

  it("is not built again by a second up, which changes nothing", async () => {
    const stack = await deployed();

    const again = await stack.up();

    expect(again.messages).to.deep.equal([]);
    expect(again.calls).to.deep.equal([]);
    expect(account.emulator.started).to.equal(1);
  });

  it("is built anew for another model, and then the endpoint moves; the way back needs no build", async () => {
    const stack = await deployed();
    await stack.set(OTHER_MODEL);

    const preview = await stack.preview();
    const startedByPreview = account.emulator.started;
    const roll = await stack.up();
    await stack.set({ modelId: "chandar-lab/AMPLIFY_350M" });
    const back = await stack.up();

    expect(preview.messages).to.deep.equal([]);
    expect(preview.steps.map(({ name }) => name)).to.include(`${PREFIX}-model`);
    expect(startedByPreview).to.equal(1);
    for (const { messages, calls } of [roll, back]) {
      expect(messages).to.deep.equal([]);
      expect(lines(calls, PREFIX)).to.have.members([
        "create BucketObjectv2 image-build-context",
        "update Project image-build: environment",
        "create RandomId image-pushed",
        "delete RandomId image-pushed",
        ...NEW_MODEL,
        ...["tools", "recorder", "sweeper"].map((name) => `update Function ${name}-function: environment`),
        "delete BucketObjectv2 image-build-context",
      ]);
    }
    expect(account.emulator.started).to.equal(2);
    expectStateMatchesCloud(stack);
  });

  it("that fails stops the up with its log before the endpoint changes; the next up builds it", async () => {
    const stack = await deployed();
    await stack.set(OTHER_MODEL);
    account.endings.push({ status: "FAILED", log: ["ERROR: no space left on device"] });

    const failed = await stack.up();
    const again = await stack.up();

    expect(failed.failed).to.be.true;
    expect(failed.messages.join("\n")).to.match(/ended with FAILED[^]*ERROR: no space left on device/);
    expect(failed.messages.join("\n")).not.to.match(/^ +at .*\.[tj]s:\d+/m);
    expect(lines(failed.calls, PREFIX)).not.to.include("create Model model");
    expect(again.messages).to.deep.equal([]);
    expect(lines(again.calls, PREFIX)).to.include.members(NEW_MODEL);
    expect(account.emulator.started).to.equal(3);
    expectStateMatchesCloud(stack);
  });

  it("that somebody deleted from the repository is built again with --replace", async () => {
    const stack = await deployed();
    for (const images of Object.values(stack.cloud.state.images)) {
      for (const tag of Object.keys(images)) Reflect.deleteProperty(images, tag);
    }
    const { urn } = stack.inState().find(({ name }) => name === `${PREFIX}-image-pushed`) ?? { urn: "" };

    const again = await stack.up({ replace: [urn] });

    expect(again.messages).to.deep.equal([]);
    expect(account.emulator.started).to.equal(2);
  });

  it("takes the place of one that Docker built without a build and without a roll", async () => {
    const live = await fresh(STACK);
    account = await accountBuild(live.cloud);
    await live.set({ imageBuild: "codebuild" });

    const change = await live.up();

    expect(change.messages).to.deep.equal([]);
    expect(lines(change.calls, PREFIX)).to.have.members(BUILD_RESOURCES.map((resource) => `create ${resource}`));
    expect(account.emulator.started).to.equal(0);
    expectStateMatchesCloud(live, ["image-build"]);
  });

  it("leaves no project, role, log group or context behind when the stack is destroyed", async () => {
    const stack = await deployed();

    const destroy = await stack.destroy();

    expect(destroy.messages).to.deep.equal([]);
    expect(lines(destroy.calls, PREFIX)).to.include.members(BUILD_RESOURCES.map((resource) => `delete ${resource}`));
  });
});
