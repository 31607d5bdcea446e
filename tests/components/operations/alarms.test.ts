import { expect } from "chai";
import { MAX_MORE_VERSIONS } from "../../../contract/models.js";
import type { Alarm } from "../../../components/operations/alarm.js";
import { isMath, metricsOf } from "../../../components/operations/alarm.js";
import { serviceAlarms, type ServiceAlarmArgs } from "../../../components/operations/alarms.js";
import { planned } from "../../support/plannedStack.js";
import { everything, tellingAlarms, withVersions } from "./support/everything.js";
import { metricMath, type Series } from "./support/metricMath.js";

const ARGS: ServiceAlarmArgs = {
  endpointName: "endpoint",
  functionName: "tools",
  recorderName: "recorder",
  sweeperName: "sweeper",
  ledger: { tableName: "jobs" },
  notifications: { deadLetterQueueName: "dead-letters" },
  lambdaTimeoutSeconds: 30,
  maxInvocationSeconds: 1000,
  instanceType: "ml.g6.2xlarge",
  minCapacity: 0,
  workHours: "",
  workHoursCapacity: 1,
  maxCapacity: 4,
  enableAutoscaling: true,
  versions: [],
};

function alarmsOf(changes: Partial<ServiceAlarmArgs> = {}): Record<string, Alarm> {
  return Object.fromEntries(serviceAlarms({ ...ARGS, ...changes }).map((alarm) => [alarm.id, alarm]));
}

/** Whether an alarm on an expression is on at the end of constant series; `undefined` is a metric without data. */
function isOn(
  alarm: Alarm | undefined,
  values: Readonly<Record<string, number | undefined | readonly number[]>>,
): boolean {
  if (alarm === undefined || !isMath(alarm)) throw new Error("There is no such alarm on an expression.");
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods, threshold } = alarm;
  const series: Series = Object.fromEntries(
    Object.entries(values).map(([id, value]) => [
      id,
      typeof value === "object" ? value : Array.from({ length: evaluationPeriods }, () => value),
    ]),
  );
  const results = metricMath(alarm.expression as string, series).slice(-evaluationPeriods);
  // Missing data are not breaching.
  return results.filter((value) => value !== undefined && value >= threshold).length >= datapointsToAlarm;
}

describe("serviceAlarms", () => {
  const alarms = alarmsOf();

  it("watch queue, requests, instances, functions and ledger", () => {
    expect(Object.keys(alarms)).to.deep.equal([
      "backlog-without-capacity",
      "oldest-request",
      "model-latency",
      "failed-requests",
      "expired-requests",
      "full-capacity",
      "idle-gpu",
      "no-gpu-data",
      "gpu-memory",
      "tools-errors",
      "tools-throttles",
      "tools-duration",
      "dead-letters",
      "recorder-errors",
      "sweeper-errors",
      "sweeper-duration",
      "background-throttles",
      "ledger-throttles",
      "late-jobs",
    ]);
  });

  it("count latency in microseconds and duration in milliseconds", () => {
    expect(alarms["model-latency"]?.threshold).to.equal(500_000_000);
    expect(alarms["tools-duration"]?.threshold).to.equal(24_000);
    expect(alarms["sweeper-duration"]?.threshold).to.equal(48_000);
  });

  for (const id of ["failed-requests", "expired-requests", "tools-throttles"]) {
    it(`count ${id} in five minutes, from the first one`, () => {
      expect(alarms[id]).to.include({ statistic: "Sum", period: 300, evaluationPeriods: 1, threshold: 1 });
    });
  }

  it("add the memory of all GPUs of an instance, as the metric does", () => {
    expect(alarms["gpu-memory"]?.threshold).to.equal(95);
    expect(alarmsOf({ instanceType: "ml.g6.12xlarge" })["gpu-memory"]?.threshold).to.equal(380);
  });

  it("page after an hour with instances that send no GPU data", () => {
    const alarm = alarms["no-gpu-data"];

    expect(alarm).to.include({ evaluationPeriods: 12, period: 300 });
    expect(alarm?.notifies).to.not.equal("itself");
    expect(isOn(alarm, { hosts: 5, gpus: undefined })).to.equal(true);
    expect(isOn(alarm, { hosts: 5, gpus: 5 })).to.equal(false);
  });

  it("are off at zero instances, where hosts publish nothing", () => {
    const nothing = { hosts: undefined, gpus: undefined, gpu: undefined };

    expect(isOn(alarms["no-gpu-data"], nothing)).to.equal(false);
    expect(isOn(alarms["idle-gpu"], nothing)).to.equal(false);
    // The queue of such an endpoint is HasBacklogWithoutCapacity's.
    expect(isOn(alarms["full-capacity"], { ...nothing, backlog: [0, 1, 2, 3, 4, 5] })).to.equal(false);
    expect(isOn(alarms["background-throttles"], { recorder: undefined, sweeper: undefined })).to.equal(false);
  });

  it("tell of idle instances above the minimum alone", () => {
    const one = { hosts: 5, gpu: 0 };

    expect(isOn(alarms["idle-gpu"], one)).to.equal(true);
    expect(isOn(alarms["idle-gpu"], { hosts: 5, gpu: 60 })).to.equal(false);
    expect(isOn(alarmsOf({ minCapacity: 1 })["idle-gpu"], one)).to.equal(false);
    expect(isOn(alarmsOf({ minCapacity: 1 })["idle-gpu"], { hosts: 10, gpu: 0 })).to.equal(true);
    const atWork = alarmsOf({ workHours: "Mon-Fri 8-18 UTC", workHoursCapacity: 1 });
    expect(isOn(atWork["idle-gpu"], one)).to.equal(false);
    expect(isOn(atWork["idle-gpu"], { hosts: 10, gpu: 0 })).to.equal(true);
    expect(alarmsOf({ enableAutoscaling: false })).to.not.have.property("idle-gpu");
    expect(alarmsOf({ minCapacity: 4 })).to.not.have.property("idle-gpu");
  });

  it("tell of a queue that grows at the maximum alone", () => {
    const growing = [1, 2, 3, 4, 5, 6];

    expect(isOn(alarms["full-capacity"], { hosts: 20, backlog: growing })).to.equal(true);
    expect(isOn(alarms["full-capacity"], { hosts: 15, backlog: growing })).to.equal(false);
    expect(isOn(alarms["full-capacity"], { hosts: 20, backlog: [6, 5, 4, 3, 2, 1] })).to.equal(false);
    expect(isOn(alarmsOf({ enableAutoscaling: false })["full-capacity"], { hosts: 5, backlog: growing })).to.equal(
      true,
    );
  });

  it("add throttles of the table and of every index", () => {
    const alarm = alarms["ledger-throttles"];
    const quiet = { reads: undefined, writes: undefined, byState: undefined, byModel: undefined, byTag: undefined };

    expect(isOn(alarm, quiet)).to.equal(false);
    expect(isOn(alarm, { ...quiet, byState: 3 })).to.equal(true);
  });

  it("ask for the production variant only where the metric has it", () => {
    const dimensions = (id: string): unknown => {
      const alarm = alarms[id];
      return alarm && !isMath(alarm) ? alarm.metric.dimensions : undefined;
    };
    for (const id of ["model-latency", "failed-requests", "expired-requests"]) {
      expect(dimensions(id)).to.deep.equal({ EndpointName: "endpoint", VariantName: "AllTraffic" });
    }
    expect(dimensions("tools-throttles")).to.deep.equal({ FunctionName: "tools" });
    expect(dimensions("oldest-request")).to.deep.equal({ EndpointName: "endpoint" });
  });
});

describe("the alarms of a stack with model versions", () => {
  const V2 = {
    name: "v2",
    endpointName: "endpoint-2",
    instanceType: "ml.g6.12xlarge",
    minCapacity: 1,
    maxCapacity: 2,
    workHours: "",
    workHoursCapacity: 0,
  };
  const alarms = alarmsOf({ versions: [V2], workHours: "Mon-Fri 8-18 UTC", workHoursCapacity: 3 });

  it("watch the endpoint of each version with the same alarms, which name it", () => {
    const own = (list: Record<string, Alarm>): string[] =>
      Object.values(list).flatMap(({ id, ...alarm }) => (JSON.stringify(alarm).includes('"endpoint"') ? [id] : []));
    const more = Object.values(alarms).filter(({ id }) => id.startsWith("model-v2-"));

    expect(more.map(({ id }) => id)).to.have.members(own(alarms).map((id) => `model-v2-${id}`));
    for (const alarm of more) {
      const dimensions = metricsOf(alarm).map((metric) => metric.dimensions["EndpointName"]);
      expect(new Set(dimensions), alarm.id).to.deep.equal(new Set(["endpoint-2"]));
      expect(alarm.alarmDescription).to.match(/^Model version v2: /);
      expect(alarm.id).to.equal(`model-v2-${alarm.runbook}`);
    }
  });

  it("know the instances of each version: type, capacities and working hours", () => {
    expect(alarms["model-v2-gpu-memory"]?.threshold).to.equal(380);
    expect(isOn(alarms["model-v2-idle-gpu"], { hosts: 10, gpu: 0 })).to.equal(true);
    expect(isOn(alarms["model-v2-idle-gpu"], { hosts: 5, gpu: 0 })).to.equal(false);
    expect(isOn(alarms["idle-gpu"], { hosts: 15, gpu: 0 })).to.equal(false);
    const growing = [1, 2, 3, 4, 5, 6];
    expect(isOn(alarms["model-v2-full-capacity"], { hosts: 10, backlog: growing })).to.equal(true);
    expect(isOn(alarms["full-capacity"], { hosts: 10, backlog: growing })).to.equal(false);
  });

  it("are in the pager, and link to the section of the runbook", async () => {
    const stack = await planned("default", { models: '[{"name":"v2","modelId":"chandar-lab/AMPLIFY_120M"}]' });
    const rule = String(stack.one("aws:cloudwatch/compositeAlarm:CompositeAlarm").inputs["alarmRule"]);
    const idle = stack.one("aws:cloudwatch/metricAlarm:MetricAlarm", "-model-v2-idle-gpu").inputs;

    expect(rule).to.match(/ALARM\("protein-agent-default-model-v2-no-gpu-data-[0-9a-f]{7}"\)/);
    expect(idle["alarmDescription"]).to.match(/^Model version v2: .+ Runbook: docs\/runbook\.md#idle-gpu$/);
    expect(idle).to.have.nested.property("metricQueries[0].metric.dimensions.EndpointName").that.includes("-model-v2-");
    const { inputs } = stack.one("aws:cloudwatch/queryDefinition:QueryDefinition", "-model-starts");
    expect(inputs["logGroupNames"]).to.have.length(2);
  });

  it("fit into the pager and onto the dashboard with every capability and as many versions as there can be", async () => {
    const one = tellingAlarms(await everything()).length;
    const watched = Object.keys(alarms).filter((id) => id.startsWith("model-v2-")).length;
    // Each has its own bad-image too, and two of the guard, as base has.
    const more = MAX_MORE_VERSIONS * (watched + 3) + 2;

    // The limits of CloudWatch are 100 alarms in a rule, and as many in a widget.
    expect(one + more).to.be.at.most(100);
  });
});

describe("every alarm of the program", () => {
  it("says what is wrong, who is affected, what to do, and where the runbook says more", async () => {
    const alarms = tellingAlarms(await everything());

    expect(alarms).to.have.length(37);
    for (const { id, inputs } of alarms) {
      const text = String(inputs["alarmDescription"]);
      expect(text, id).to.match(/^[^:]+: [^.]+\. [^.].+\. Runbook: docs\/runbook\.md#[a-z-]+$/);
      expect(text, id).to.satisfy((words: string) => words.endsWith(`#${id}`));
      // The limit of CloudWatch.
      expect(text.length, id).to.be.lessThan(1024);
    }
  });

  it("says so for each model version, with its name", async () => {
    const alarms = tellingAlarms(await withVersions());

    const versions = alarms.filter(({ id }) => /^model-(?:v2|guard)-/.test(id));
    expect(versions.filter(({ id }) => /bad-image|failing|slow/.test(id))).to.have.length(5);
    for (const { id, inputs } of versions) {
      const text = String(inputs["alarmDescription"]);
      const name = id.startsWith("model-guard-base-") ? "base" : "v2";
      expect(text, id).to.match(new RegExp(`^Model version ${name}: `));
      expect(text, id).to.match(/: [^:]+: [^.]+\. [^.].+\. Runbook: docs\/runbook\.md#[a-z-]+$/);
    }
  });

  it("takes missing data for no breach, as at zero instances", async () => {
    const { all } = await everything();

    for (const { name, inputs } of all("aws:cloudwatch/metricAlarm:MetricAlarm")) {
      // The alarm that starts the first instance keeps its state.
      expect(inputs["treatMissingData"], name).to.equal(name.endsWith("-wake-alarm") ? "missing" : "notBreaching");
    }
  });
});
