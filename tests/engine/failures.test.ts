import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import { describeEngine, empty, fresh } from "./support/engine.js";
import { expectInOrder, expectInStep, lines } from "./support/expect.js";

const STACK = "defaults";
const PREFIX = resourcePrefix("protein-agent", STACK);
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const ROLL = { instanceType: "ml.g5.2xlarge" };

describeEngine("a failure in the middle of an up, with the real engine", () => {
  it("converges once the call that failed succeeds", async () => {
    const stack = await empty(STACK);
    stack.cloud.failOnce({ operation: "create", type: CONFIGURATION, kind: "refused" });

    const failed = await stack.up();
    const again = await stack.up();

    expect(failed.failed).to.be.true;
    expect(failed.messages.join("\n")).to.include("ThrottlingException");
    expect(again.messages).to.deep.equal([]);
    expect(again.calls.filter(({ operation }) => operation !== "create")).to.deep.equal([]);
    expectInStep(stack);
  });

  it("finishes a roll whose endpoint was not updated, and registers the endpoint with scaling again", async () => {
    const live = await fresh(STACK);
    await live.set(ROLL);
    live.cloud.failOnce({ operation: "update", type: ENDPOINT, kind: "refused" });

    const failed = await live.up();
    const again = await live.up();

    expect(failed.failed).to.be.true;
    expect(again.messages).to.deep.equal([]);
    expectInOrder(lines(again.calls, PREFIX), [
      "update Endpoint endpoint: endpointConfigName",
      "create Target target",
      "delete EndpointConfiguration config",
    ]);
    expect(live.cloud.only(CONFIGURATION).inputs["productionVariants"]).to.have.nested.property(
      "[0].instanceType",
      ROLL.instanceType,
    );
    expectInStep(live);
  });

  it("deletes the old configuration at the next up where its deletion failed", async () => {
    const live = await fresh(STACK);
    await live.set({ maxConcurrentInvocations: "8" });
    live.cloud.failOnce({ operation: "delete", type: CONFIGURATION, kind: "refused" });

    const failed = await live.up();
    const again = await live.up();

    expect(failed.failed).to.be.true;
    expect(again.messages).to.deep.equal([]);
    expect(lines(again.calls, PREFIX)).to.deep.equal(["delete EndpointConfiguration config"]);
    expectInStep(live);
  });

  it("does not pass over an endpoint that failed to create: the next up says which command fixes it", async () => {
    // Without scaling nothing but the endpoint itself would tell.
    const stack = await empty(STACK, { enableAutoscaling: "false" });
    stack.cloud.failOnce({ operation: "create", type: ENDPOINT, kind: "broken" });
    await stack.up();
    const { urn } = stack.kept().find(({ type }) => type === ENDPOINT) ?? { urn: "" };

    const again = await stack.up();
    const fixed = await stack.up({ replace: [urn] });

    expect(again.failed).to.be.true;
    expect(again.messages.join("\n")).to.include(`pulumi up --replace '${urn}'`);
    expect(fixed.messages).to.deep.equal([]);
    expectInOrder(lines(fixed.calls, PREFIX), ["delete Endpoint endpoint", "create Endpoint endpoint"]);
    expect(stack.cloud.only(ENDPOINT).failed).not.to.be.true;
    expectInStep(stack);
  });

  it("says so when the settings were fixed but the endpoint that failed to create is still there", async () => {
    const stack = await empty(STACK, { enableAutoscaling: "false" });
    stack.cloud.failOnce({ operation: "create", type: ENDPOINT, kind: "broken" });
    await stack.up();
    await stack.set(ROLL);

    const again = await stack.up();

    expect(again.failed).to.be.true;
    expect(again.messages.join("\n")).to.match(/pulumi up --replace 'urn:pulumi:.*Endpoint::/);
  });

  it("reports an update that SageMaker rolled back, and keeps the configuration that is in use", async () => {
    const live = await fresh(STACK);
    const before = live.cloud.only(ENDPOINT).inputs["endpointConfigName"];
    await live.set({ modelRevision: "0123456789abcdef0123456789abcdef01234567" });
    live.cloud.failOnce({ operation: "update", type: ENDPOINT, kind: "broken" });

    const rolledBack = await live.up();
    const again = await live.up();

    expect(rolledBack.failed).to.be.true;
    expect(rolledBack.messages.join("\n")).to.include(`rolled back to ${String(before)}`);
    expect(lines(rolledBack.calls, PREFIX)).not.to.include("delete EndpointConfiguration config");
    expect(again.messages).to.deep.equal([]);
    expect(live.cloud.only(ENDPOINT).inputs["endpointConfigName"]).not.to.equal(before);
    expectInStep(live);
  });

  it("takes over no bucket that exists already", async () => {
    const stack = await empty(STACK, { bucketName: "somebody-elses-results" });
    const theirs = { type: "aws:s3/bucket:Bucket", id: "somebody-elses-results", name: "theirs" };
    stack.cloud.state.things[`${theirs.type}|${theirs.id}`] = { ...theirs, inputs: { tags: {} }, outputs: {} };

    const up = await stack.up();

    expect(up.failed).to.be.true;
    expect(up.messages.join("\n")).to.match(/somebody-elses-results.*BucketAlreadyOwnedByYou/);
    expect(stack.cloud.find(theirs.type, theirs.id)?.inputs).to.deep.equal({ tags: {} });
    expect(up.calls.filter(({ type, id }) => type !== theirs.type && id === theirs.id)).to.deep.equal([]);
  });
});
