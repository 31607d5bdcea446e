import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  interpolate,
  output,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { isMath, type Alarm, type MathAlarm } from "./alarm.js";
import { alarmTopic, type AlarmTopicArgs } from "./alarmTopic.js";
import { capabilityAlarms, capabilityGraphs, type CapabilityArgs } from "./capabilities.js";
import { dashboardBody } from "./dashboard.js";
import { serviceAlarms, type ServiceAlarmArgs } from "./alarms.js";
import { pager } from "./pager.js";
import { savedQueries } from "./savedQueries.js";
import { guardAlarmNames, rollbackAlarmName } from "../shared/modelNames.js";
import { alarmArn, type Place } from "../shared/place.js";
import { withRunbook } from "../shared/runbook.js";

/** What is watched. */
export interface WatchedArgs extends ServiceAlarmArgs, CapabilityArgs {
  readonly endpointName: string;
  readonly functionName: string;
  readonly recorderName: string;
  readonly sweeperName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether the versions of the model have a guard, with two alarms for each. */
  readonly modelGuard: boolean;
  readonly notifications: { readonly queueName: Input<string>; readonly deadLetterQueueName: Input<string> };
}

/** The topic of the alarms, the alarms, a pager that stands for most of them, a dashboard, and saved queries. */
export class Observability extends ComponentResource {
  readonly alarmTopicArn: Output<string>;

  constructor(
    private readonly logicalName: string,
    args: AlarmTopicArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("amplify-vep:index:Observability", logicalName, {}, opts);
    this.alarmTopicArn = alarmTopic(this, `${logicalName}-alarms`, args);
    this.registerOutputs({ alarmTopicArn: this.alarmTopicArn });
  }

  /**
   * Watches the stack, when all that is watched is known.
   *
   * @returns the address of the dashboard in the AWS console
   */
  watch(args: WatchedArgs): { readonly dashboardUrl: Output<string> } {
    const name = this.logicalName;
    const alarms = [...serviceAlarms(args), ...capabilityAlarms(args)];
    const made = alarms.map((alarm) => ({ alarm, resource: this.alarm(alarm, args) }));
    const paged = made.filter(({ alarm }) => alarm.notifies !== "itself").map(({ resource }) => resource);
    const page = pager(this, `${name}-pager`, { alarms: paged, topicArn: this.alarmTopicArn, tags: args.tags });
    for (const { name: id, logGroupNames, query } of savedQueries(args)) {
      new aws.cloudwatch.QueryDefinition(
        `${name}-${id}`,
        { name: `${args.prefix}/${id}`, logGroupNames: [...logGroupNames], queryString: query },
        { parent: this },
      );
    }
    const alarmArns = [page.arn, ...made.map(({ resource }) => resource.arn), ...versionAlarmArns(args)];
    return { dashboardUrl: dashboardUrl(args.place, this.dashboard(args, alarmArns).dashboardName) };
  }

  private alarm(alarm: Alarm, { tags }: WatchedArgs): aws.cloudwatch.MetricAlarm {
    const { id, alarmDescription, evaluationPeriods, datapointsToAlarm, threshold, notifies, runbook = id } = alarm;
    const actions = notifies === "itself" ? [this.alarmTopicArn] : [];
    return new aws.cloudwatch.MetricAlarm(
      `${this.logicalName}-${id}`,
      {
        alarmDescription: withRunbook(alarmDescription, runbook),
        ...(isMath(alarm) ? { metricQueries: queriesOf(alarm) } : singleMetric(alarm)),
        evaluationPeriods,
        ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
        threshold,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        // The metrics are missing while nothing happens, as at zero instances: then nothing fails. `ignore` would keep an
        // alarm on after the endpoint has scaled to zero.
        treatMissingData: "notBreaching",
        alarmActions: actions,
        okActions: actions,
        tags,
      },
      { parent: this },
    );
  }

  private dashboard(args: WatchedArgs, alarmArns: readonly Output<string>[]): aws.cloudwatch.Dashboard {
    const { endpointName, functionName, recorderName, sweeperName, instanceType, versions, ledger, prefix } = args;
    const { queueName, deadLetterQueueName } = args.notifications;
    const known = { region: args.place.region, tableName: ledger.tableName, queueName, deadLetterQueueName, alarmArns };
    const body = output({ ...known, more: capabilityGraphs(args) }).apply((values) =>
      JSON.stringify(
        dashboardBody({ endpointName, functionName, recorderName, sweeperName, instanceType, versions, ...values }),
      ),
    );
    return new aws.cloudwatch.Dashboard(
      `${this.logicalName}-dashboard`,
      { dashboardName: prefix, dashboardBody: body },
      { parent: this },
    );
  }
}

/** The alarms that endpoints and guard make themselves, by their names. */
function versionAlarmArns({ endpointName, versions, modelGuard, place }: WatchedArgs): Output<string>[] {
  const names = [endpointName, ...versions.map((version) => version.endpointName)].flatMap((endpoint) => [
    rollbackAlarmName(endpoint),
    ...(modelGuard ? Object.values(guardAlarmNames(endpoint)) : []),
  ]);
  return names.map((name) => alarmArn(name, place));
}

function singleMetric({ metric, statistic, extendedStatistic, period }: Exclude<Alarm, MathAlarm>) {
  return {
    ...metric,
    period,
    ...(statistic === undefined ? {} : { statistic }),
    ...(extendedStatistic === undefined ? {} : { extendedStatistic }),
  };
}

function queriesOf({ measured, expression, period }: MathAlarm): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const metrics = Object.entries(measured).map(([id, { metric, stat }]) => ({
    id,
    metric: { ...metric, period, stat },
    returnData: false,
  }));
  // A query has no metrics of its own, and so needs a period.
  const ownPeriod = metrics.length === 0 ? { period } : {};
  return [...metrics, { id: "result", label: "result", expression, returnData: true, ...ownPeriod }];
}

const CONSOLES: Readonly<Record<string, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

function dashboardUrl({ partition, region }: Place, dashboardName: Output<string>): Output<string> {
  const console = partition.apply((name) => CONSOLES[name] ?? CONSOLES["aws"]);
  return interpolate`https://${region}.${console}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
}
