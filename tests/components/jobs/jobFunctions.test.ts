import { expect } from "chai";
import { isAllowed } from "../../support/permissions.js";
import { planned, REGION } from "../../support/plannedStack.js";

const FUNCTION = "aws:lambda/function:Function";
const QUEUE = "aws:sqs/queue:Queue";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

describe("JobNotifications", () => {
  it("delivers both topics to the recorder's queue as SageMaker wrote the messages", async () => {
    const { all, one, outputs } = await planned();

    const subscriptions = all(SUBSCRIPTION).map(({ inputs }) => inputs);
    const { eventSourceArn } = one("aws:lambda/eventSourceMapping:EventSourceMapping").inputs;

    expect(subscriptions.map(({ topic }) => topic)).to.deep.equal(outputs["notificationTopicArns"]);
    for (const subscription of subscriptions) {
      expect(subscription).to.deep.include({ protocol: "sqs", endpoint: eventSourceArn, rawMessageDelivery: true });
    }
  });

  it("hides a message for six timeouts of the recorder, and keeps it as a dead letter after five deliveries", async () => {
    const { one } = await planned();

    const queue = one(QUEUE, "-notifications").inputs;
    const deadLetters = one(QUEUE, "-dead-letters").inputs;
    const redrive = JSON.parse(String(queue["redrivePolicy"])) as Record<string, unknown>;

    expect(queue["visibilityTimeoutSeconds"]).to.equal(
      6 * Number(one(FUNCTION, "-recorder-function").inputs["timeout"]),
    );
    expect(redrive["maxReceiveCount"]).to.equal(5);
    expect(redrive["deadLetterTargetArn"]).to.match(/-dead-letters-[0-9a-f]{7}$/);
    expect(deadLetters["messageRetentionSeconds"]).to.equal(14 * 86_400);
  });

  it("encrypts both queues with the key of SQS, or with the stack's", async () => {
    const open = await planned();
    const keyed = await planned("default", { encryption: "kms" });

    expect(open.all(QUEUE).map(({ inputs }) => inputs["sqsManagedSseEnabled"])).to.deep.equal([true, true]);
    for (const { inputs } of keyed.all(QUEUE)) {
      expect(inputs["kmsMasterKeyId"]).to.match(/^arn:aws:kms:/);
      expect(inputs).to.not.have.property("sqsManagedSseEnabled");
    }
  });

  it("notifies the alarm topic of the first dead letter", async () => {
    const { one } = await planned();

    const alarm = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-dead-letters").inputs;

    expect(alarm).to.deep.include({
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      threshold: 1,
    });
    expect(alarm["dimensions"])
      .to.have.property("QueueName")
      .that.matches(/-dead-letters-[0-9a-f]{7}$/);
  });
});

describe("Recorder", () => {
  it("reports which messages failed, and takes at most two of the account's concurrent executions", async () => {
    const { one } = await planned();

    expect(one("aws:lambda/eventSourceMapping:EventSourceMapping").inputs).to.deep.include({
      functionName: "protein-agent-default-recorder",
      batchSize: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: 2 },
    });
  });
});

describe("Sweeper", () => {
  it("is called every minute, by its own rule only", async () => {
    const { one } = await planned();

    const rule = one("aws:cloudwatch/eventRule:EventRule").inputs;
    const target = one("aws:cloudwatch/eventTarget:EventTarget").inputs;
    const permission = one("aws:lambda/permission:Permission").inputs;

    expect(rule["scheduleExpression"]).to.equal("rate(1 minute)");
    expect(target["targetId"], "two targets would call it twice").to.equal("function");
    expect(target["arn"]).to.match(/:function:protein-agent-default-sweeper$/);
    expect(permission).to.deep.include({
      function: "protein-agent-default-sweeper",
      principal: "events.amazonaws.com",
      action: "lambda:InvokeFunction",
    });
    expect(permission["sourceArn"]).to.match(new RegExp(`^arn:aws:events:${REGION}:123456789012:rule/.*-schedule`));
  });
});

describe("the functions in the background", () => {
  for (const role of ["recorder", "sweeper"]) {
    it(`${role}: has its own bundle, role, log group and trace, and the environment of the tools`, async () => {
      const { one } = await planned();

      const { inputs } = one(FUNCTION, `-${role}-function`);
      const tools = one(FUNCTION, "-tools-function").inputs;

      expect(inputs).to.deep.include({
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        tracingConfig: { mode: "Active" },
      });
      expect(inputs["loggingConfig"]).to.deep.equal({
        logFormat: "Text",
        logGroup: `/aws/lambda/protein-agent-default-${role}`,
      });
      expect(inputs["role"]).to.match(new RegExp(`-${role}-role`));
      expect(variables(inputs)).to.have.all.keys(Object.keys(variables(tools)));
      expect(variables(inputs)["SUBMISSION_TIMEOUT_SECONDS"]).to.equal("60");
    });

    it(`${role}: runs in the isolated network, whose endpoints allow what it calls`, async () => {
      const stack = await planned("default", { network: "isolated" });
      const { inputs } = stack.one(FUNCTION, `-${role}-function`);
      const table = `arn:aws:dynamodb:${REGION}:123456789012:table/${String(stack.outputs["jobTableName"])}`;
      const principal = `-${role}-role`;

      expect(inputs["vpcConfig"]).to.deep.equal(stack.one(FUNCTION, "-tools-function").inputs["vpcConfig"]);
      for (const action of ["GetItem", "PutItem", "UpdateItem"]) {
        const request = { principal, action: `dynamodb:${action}`, resource: table, through: "-dynamodb" };
        expect(await isAllowed(stack, request), action).to.equal(true);
      }
    });
  }

  it("wait for submissions as long as the longest of the functions that submit may run", async () => {
    const { all } = await planned("default", { lambdaTimeoutSeconds: "300" });

    for (const { inputs } of all(FUNCTION)) {
      expect(variables(inputs)["SUBMISSION_TIMEOUT_SECONDS"]).to.equal("300");
    }
  });
});

function variables(inputs: Readonly<Record<string, unknown>>): Record<string, string> {
  return (inputs["environment"] as { variables: Record<string, string> }).variables;
}
