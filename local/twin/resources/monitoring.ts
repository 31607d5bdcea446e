import {
  PutDashboardCommand,
  PutMetricAlarmCommand,
  type Dimension,
  type MetricDataQuery,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { CreateLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { list, nested, number, required, text } from "./properties.js";
import type { CreateTable, Properties } from "./types.js";

/** Alarms, dashboards and log groups. The emulator never evaluates an alarm. */
export const monitoringResources: CreateTable = {
  "aws:cloudwatch/dashboard:Dashboard": async ({ state }, { aws }) => {
    const DashboardName = required(state, "dashboardName");
    await aws.cloudwatch.send(
      new PutDashboardCommand({ DashboardName, DashboardBody: required(state, "dashboardBody") }),
    );
    return {};
  },
  "aws:cloudwatch/logGroup:LogGroup": async ({ id, state }, { aws }) => {
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName: id }));
    const retentionInDays = number(state, "retentionInDays", 0);
    if (retentionInDays > 0) {
      await aws.logs.send(new PutRetentionPolicyCommand({ logGroupName: id, retentionInDays }));
    }
    return {};
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": async ({ id, state }, { aws }) => {
    await aws.cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: id, ...alarmOf(state) }));
    return {};
  },
};

function alarmOf(state: Properties): Omit<PutMetricAlarmCommandInput, "AlarmName"> {
  const queries = list(state, "metricQueries").map(queryOf);
  const source = queries.length > 0 ? { Metrics: queries } : singleMetric(state);
  return {
    ...source,
    AlarmDescription: text(state, "alarmDescription"),
    ComparisonOperator: required(state, "comparisonOperator") as PutMetricAlarmCommandInput["ComparisonOperator"],
    EvaluationPeriods: number(state, "evaluationPeriods", 1),
    Threshold: number(state, "threshold", 0),
    TreatMissingData: text(state, "treatMissingData"),
    AlarmActions: Array.isArray(state["alarmActions"]) ? (state["alarmActions"] as string[]) : [],
  };
}

function singleMetric(state: Properties): Partial<PutMetricAlarmCommandInput> {
  const extended = text(state, "extendedStatistic");
  return {
    MetricName: required(state, "metricName"),
    Namespace: required(state, "namespace"),
    Period: number(state, "period", 60),
    Dimensions: dimensionsOf(state),
    ...(extended === undefined
      ? { Statistic: required(state, "statistic") as PutMetricAlarmCommandInput["Statistic"] }
      : { ExtendedStatistic: extended }),
  };
}

function queryOf(query: Properties): MetricDataQuery {
  const metric = nested(query, "metric");
  const name = text(metric, "metricName");
  return {
    Id: required(query, "id"),
    Label: text(query, "label"),
    ReturnData: query["returnData"] === true,
    ...(name === undefined
      ? { Expression: required(query, "expression") }
      : {
          MetricStat: {
            Metric: { MetricName: name, Namespace: required(metric, "namespace"), Dimensions: dimensionsOf(metric) },
            Period: number(metric, "period", 60),
            Stat: required(metric, "stat"),
          },
        }),
  };
}

function dimensionsOf(properties: Properties): Dimension[] {
  return Object.entries(nested(properties, "dimensions")).map(([Name, Value]) => ({ Name, Value: String(Value) }));
}
