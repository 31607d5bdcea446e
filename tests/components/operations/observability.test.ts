import { expect } from "chai";
import { serviceAlarms } from "../../../components/operations/alarms.js";
import { dashboardBody } from "../../../components/operations/dashboard.js";
import { planned, statements } from "../../support/plannedStack.js";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

describe("Observability", () => {
  it("sends every alarm, and its end, to the alarm topic", async () => {
    const { all, one, parentOf } = await planned();

    const alarms = all(ALARM).filter((alarm) => parentOf(alarm)?.type === "amplify-vep:index:Observability");

    const topic = [
      `arn:aws:sns:eu-west-1:123456789012:${physicalName(one("aws:sns/topic:Topic", "-alarms").name, alarms)}`,
    ];
    expect(alarms).to.have.length(10);
    for (const { inputs } of alarms) {
      expect(inputs["alarmActions"]).to.deep.equal(topic);
      expect(inputs["okActions"]).to.deep.equal(topic);
      expect(inputs["treatMissingData"]).to.equal("notBreaching");
      expect(inputs["tags"]).to.have.all.keys("Project", "Stack", "ManagedBy");
    }
  });

  it("lets only the alarms of this stack publish", async () => {
    const { one } = await planned();

    const policy = statements(one("aws:sns/topicPolicy:TopicPolicy", "-alarms-policy").inputs["policy"]);

    expect(policy).to.have.length(1);
    expect(policy[0]).to.deep.include({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:protein-agent-default-*" },
      },
    });
  });

  it("subscribes the configured address, and none if there is none", async () => {
    const silent = await planned();
    const mailed = await planned("default", { alarmEmail: "lab@example.org" });

    const mails = silent.all(SUBSCRIPTION).filter(({ inputs }) => inputs["protocol"] === "email");
    expect(mails).to.deep.equal([]);
    expect(mailed.one(SUBSCRIPTION, "-alarms-email").inputs).to.deep.include({
      protocol: "email",
      endpoint: "lab@example.org",
    });
  });

  it("returns the address of the dashboard", async () => {
    const { outputs, one } = await planned();

    expect(one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardName"]).to.equal("protein-agent-default");
    expect(outputs["dashboardUrl"]).to.equal(
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/protein-agent-default",
    );
  });
});

describe("serviceAlarms", () => {
  const alarms = Object.fromEntries(
    serviceAlarms({
      endpointName: "endpoint",
      functionName: "tools",
      sweeperName: "sweeper",
      notifications: { deadLetterQueueName: "dead-letters" },
      lambdaTimeoutSeconds: 30,
      maxInvocationSeconds: 1000,
    }).map((alarm) => [alarm.id, alarm]),
  );

  it("alarms on queue, latency, waiting time, lost requests, errors, throttles, time-outs and dead letters", () => {
    expect(Object.values(alarms).map(({ metric }) => metric.metricName)).to.deep.equal([
      "HasBacklogWithoutCapacity",
      "ModelLatency",
      "ApproximateAgeOfOldestRequest",
      "InvocationFailures",
      "ExpiredRequests",
      "Errors",
      "Throttles",
      "Duration",
      "ApproximateNumberOfMessagesVisible",
      "Errors",
    ]);
  });

  it("counts latency in microseconds and duration in milliseconds", () => {
    expect(alarms["model-latency"]?.threshold).to.equal(500_000_000);
    expect(alarms["tools-duration"]?.threshold).to.equal(24_000);
  });

  for (const id of ["failed-requests", "expired-requests", "tools-throttles"]) {
    it(`counts ${id} in five minutes, from the first one`, () => {
      expect(alarms[id]).to.include({ statistic: "Sum", period: 300, evaluationPeriods: 1, threshold: 1 });
    });
  }

  it("says in every alarm what is wrong, and what to do in a second sentence", () => {
    for (const { alarmDescription } of Object.values(alarms)) {
      expect(alarmDescription).to.match(/^[^:]+: [^.]+\. (?:.+)\.$/);
      // The limit of CloudWatch.
      expect(alarmDescription.length).to.be.lessThan(1024);
    }
  });

  it("asks for the production variant only where the metric has it", () => {
    expect(alarms["model-latency"]?.metric.dimensions).to.deep.equal({
      EndpointName: "endpoint",
      VariantName: "AllTraffic",
    });
    for (const id of ["failed-requests", "expired-requests"]) {
      expect(alarms[id]?.metric.dimensions).to.deep.equal(alarms["model-latency"]?.metric.dimensions);
    }
    expect(alarms["tools-throttles"]?.metric.dimensions).to.deep.equal({ FunctionName: "tools" });
    expect(alarms["oldest-request"]?.metric.dimensions).to.deep.equal({ EndpointName: "endpoint" });
  });
});

describe("dashboardBody", () => {
  const body = dashboardBody({
    region: "eu-west-1",
    endpointName: "endpoint",
    functionName: "tools",
    recorderName: "recorder",
    sweeperName: "sweeper",
    queueName: "notifications",
    deadLetterQueueName: "dead-letters",
  });

  it("fills CloudWatch's grid without overlap", () => {
    const places = body.widgets.map(({ x, y }) => `${x},${y}`);

    expect(new Set(places)).to.have.property("size", body.widgets.length);
    expect(body.widgets.every(({ x, width }) => x + width <= 24)).to.equal(true);
  });

  it("draws no metric that asynchronous endpoints do not publish", () => {
    const drawn = body.widgets.flatMap(({ properties }) => properties["metrics"] as unknown[][]);
    const ofEndpoint = drawn.filter(([namespace]) => namespace === "AWS/SageMaker").map(([, name]) => name);

    expect(ofEndpoint).to.include.members(["ApproximateBacklogSize", "InvocationsProcessed", "ModelLatency"]);
    expect(ofEndpoint).to.not.include.members(["InvocationsPerInstance"]);
    expect(ofEndpoint).to.not.include.members(["Invocations"]);
  });

  it("counts instances by the samples of their CPUs", () => {
    const instances = body.widgets.find(({ properties }) => properties["title"] === "Instances");

    expect(instances?.properties["metrics"]).to.have.nested.property("[0][6].stat", "SampleCount");
  });
});

function physicalName(name: string, alarms: readonly { inputs: Record<string, unknown> }[]): string {
  const [action = ""] = alarms[0]?.inputs["alarmActions"] as string[];
  const physical = action.split(":").at(-1) ?? "";
  expect(physical).to.match(new RegExp(`^${name}-[0-9a-f]{7}$`));
  return physical;
}
