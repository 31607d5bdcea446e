import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import { describeEngine, empty, fresh } from "./support/engine.js";
import { expectInOrder, expectStateMatchesCloud, lines } from "./support/expect.js";

const STACK = "defaults";
const PREFIX = resourcePrefix("protein-agent", STACK);
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const ROLL = { instanceType: "ml.g5.2xlarge" };

describeEngine("a failure during up, with the real engine", () => {
  it("completes at the next up when the failed call succeeds", async () => {
    const stack = await empty(STACK);
    stack.cloud.failOnce({ operation: "create", type: CONFIGURATION, kind: "rejected" });

    const failed = await stack.up();
    const again = await stack.up();

    expect(failed.failed).to.be.true;
    expect(failed.messages.join("\n")).to.include("ThrottlingException");
    expect(again.messages).to.deep.equal([]);
    expect(again.calls.filter(({ operation }) => operation !== "create")).to.deep.equal([]);
    expectStateMatchesCloud(stack);
  });

  it("completes a change whose endpoint update failed, and registers the scalable target again", async () => {
    const live = await fresh(STACK);
    await live.set(ROLL);
    live.cloud.failOnce({ operation: "update", type: ENDPOINT, kind: "rejected" });

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
    expectStateMatchesCloud(live);
  });

  it("deletes the old configuration at the next up where its deletion failed", async () => {
    const live = await fresh(STACK);
    await live.set({ maxConcurrentInvocations: "8" });
    live.cloud.failOnce({ operation: "delete", type: CONFIGURATION, kind: "rejected" });

    const failed = await live.up();
    const again = await live.up();

    expect(failed.failed).to.be.true;
    expect(again.messages).to.deep.equal([]);
    expect(lines(again.calls, PREFIX)).to.deep.equal(["delete EndpointConfiguration config"]);
    expectStateMatchesCloud(live);
  });

  it("reports an endpoint whose creation failed: the next up prints the command that fixes it", async () => {
    // Without scaling, no other resource depends on the endpoint's status.
    const stack = await empty(STACK, { enableAutoscaling: "false" });
    stack.cloud.failOnce({ operation: "create", type: ENDPOINT, kind: "broken" });
    await stack.up();
    const { urn } = stack.inState().find(({ type }) => type === ENDPOINT) ?? { urn: "" };

    const again = await stack.up();
    const fixed = await stack.up({ replace: [urn] });

    expect(again.failed).to.be.true;
    expect(again.messages.join("\n")).to.include(`pulumi up --replace '${urn}'`);
    expect(fixed.messages).to.deep.equal([]);
    expectInOrder(lines(fixed.calls, PREFIX), ["delete Endpoint endpoint", "create Endpoint endpoint"]);
    expect(stack.cloud.only(ENDPOINT).failed).not.to.be.true;
    expectStateMatchesCloud(stack);
  });

  it("prints that command too where the settings were fixed but the failed endpoint still exists", async () => {
    const stack = await empty(STACK, { enableAutoscaling: "false" });
    stack.cloud.failOnce({ operation: "create", type: ENDPOINT, kind: "broken" });
    await stack.up();
    await stack.set(ROLL);

    const again = await stack.up();

    expect(again.failed).to.be.true;
    expect(again.messages.join("\n")).to.match(/pulumi up --replace 'urn:pulumi:.*Endpoint::/);
  });

  it("reports an update that SageMaker rolled back, and keeps the configuration in use", async () => {
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
    expectStateMatchesCloud(live);
  });

  it("does not adopt an existing bucket", async () => {
    const stack = await empty(STACK, { bucketName: "somebody-elses-results" });
    const theirs = { type: "aws:s3/bucket:Bucket", id: "somebody-elses-results", name: "theirs" };
    stack.cloud.add({ ...theirs, inputs: { tags: {} }, outputs: {} });

    const up = await stack.up();

    expect(up.failed).to.be.true;
    expect(up.messages.join("\n")).to.match(/somebody-elses-results.*BucketAlreadyOwnedByYou/);
    expect(stack.cloud.find(theirs.type, theirs.id)?.inputs).to.deep.equal({ tags: {} });
    expect(up.calls.filter(({ type, id }) => type !== theirs.type && id === theirs.id)).to.deep.equal([]);
  });
});
