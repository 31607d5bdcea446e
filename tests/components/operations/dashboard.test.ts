import { expect } from "chai";
import { dashboardBody } from "../../../components/operations/dashboard.js";
import { metricMath } from "./support/metricMath.js";

describe("dashboardBody", () => {
  const args = {
    region: "eu-west-1",
    endpointName: "endpoint",
    functionName: "tools",
    recorderName: "recorder",
    sweeperName: "sweeper",
    tableName: "jobs",
    queueName: "notifications",
    deadLetterQueueName: "dead-letters",
    instanceType: "ml.g6.12xlarge",
    versions: [],
    alarmArns: ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a"],
  };
  const body = dashboardBody(args);
  const named = (title: string, { widgets } = body): Record<string, unknown> =>
    widgets.find(({ properties }) => String(properties["title"]).startsWith(title))?.properties ?? {};

  it("begins with the alarms, the numbers of now, and the hours and the cost of the day", () => {
    expect(body.widgets.slice(0, 3).map(({ type, y }) => [type, y])).to.deep.equal([
      ["alarm", 0],
      ["metric", 4],
      ["metric", 4],
    ]);
    expect(named("Alarms")["alarms"]).to.deep.equal(args.alarmArns);
    expect(named("Now")["view"]).to.equal("singleValue");
  });

  it("computes GPU hours and cost from the samples of the hosts, one a minute", () => {
    const today = named("Today");
    const [hosts, ...computed] = today["metrics"] as unknown[][];

    expect(today["period"]).to.equal(86_400);
    expect(hosts).to.deep.equal([
      "/aws/sagemaker/Endpoints",
      "CPUUtilization",
      "EndpointName",
      "endpoint",
      "VariantName",
      "AllTraffic",
      { stat: "SampleCount", id: "hosts", visible: false },
    ]);
    // 120 samples are two hours of one instance with four GPUs at 5.752 USD an hour.
    const at = (index: number) =>
      metricMath((computed[index]?.[0] as { expression: string }).expression, { hosts: [120] })[0];
    expect([at(0), at(1)]).to.deep.equal([2, 8]);
    expect(at(2)).to.be.closeTo(11.504, 1e-9);
    expect(computed[2]?.[0]).to.have.property("label").that.includes("estimate");
  });

  it("shows no cost for a type whose price is not known", () => {
    const other = dashboardBody({ ...args, instanceType: "ml.g6e.16xlarge" });

    expect(JSON.stringify(named("Today", other)))
      .to.include("GPU hours")
      .and.not.include("USD");
  });

  it("adds the hours and the cost of every model version, also of one that had no instance today", () => {
    const v2 = { name: "v2", endpointName: "endpoint-2", instanceType: "ml.g6.2xlarge" };
    const both = dashboardBody({ ...args, versions: [v2] });
    const [first, second, ...computed] = named("Today", both)["metrics"] as unknown[][];
    const at = (index: number, hosts: number | undefined, hosts1: number | undefined) => {
      const { expression } = computed[index]?.[0] as { expression: string };
      return metricMath(expression, { hosts: [hosts], hosts1: [hosts1] })[0];
    };

    expect([first?.[3], second?.[3]]).to.deep.equal(["endpoint", "endpoint-2"]);
    expect([0, 1].map((index) => at(index, 120, 60))).to.deep.equal([3, 9]);
    expect(at(2, 120, 60)).to.be.closeTo(11.504 + 1.222, 1e-9);
    expect(at(2, undefined, 60)).to.be.closeTo(1.222, 1e-9);
    expect(named("Today", both)["title"]).to.include("ml.g6.12xlarge, ml.g6.2xlarge");
    expect(JSON.stringify(named("Now", both))).to.include("instances of v2");
    const unknown = dashboardBody({ ...args, versions: [{ ...v2, instanceType: "ml.g6e.16xlarge" }] });
    expect(JSON.stringify(named("Today", unknown))).to.not.include("USD");
  });

  it("draws p50, p90 and p99 of every time of the endpoint", () => {
    for (const title of ["Model latency", "Time in the queue", "Time from submission"]) {
      const stats = (named(title)["metrics"] as unknown[][]).map((line) => (line.at(-1) as { stat: string }).stat);
      expect(stats, title).to.deep.equal(["p50", "p90", "p99"]);
    }
  });

  it("draws jobs by state", () => {
    const labels = (named("Jobs by state")["metrics"] as unknown[][]).map(
      (line) => (line.at(-1) as { label: string }).label,
    );

    expect(labels).to.deep.equal(["waiting", "sent", "past their deadline"]);
  });

  it("fills CloudWatch's grid without overlap", () => {
    const places = body.widgets.map(({ x, y }) => `${x},${y}`);

    expect(new Set(places)).to.have.property("size", body.widgets.length);
    expect(body.widgets.every(({ x, width }) => x + width <= 24)).to.equal(true);
  });

  it("draws no metric that asynchronous endpoints do not publish", () => {
    const drawn = body.widgets.flatMap(({ properties }) => (properties["metrics"] ?? []) as unknown[][]);
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
