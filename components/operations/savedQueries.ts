import { endpointLogGroup, functionLogGroup } from "../shared/logGroup.js";

/** A query of CloudWatch Logs Insights, saved in the account. */
export interface SavedQuery {
  /** Last part of its name. */
  readonly name: string;
  readonly logGroupNames: readonly string[];
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html */
  readonly query: string;
}

/** Rows of an answer. */
const MOST_ROWS = 50;

/**
 * The queries of a stack: slowest jobs, failures by reason, cold starts of functions, starts of the model. None shows a
 * sequence: no log has one.
 */
export function savedQueries(names: {
  readonly endpointName: string;
  /** Model versions beside `base`. */
  readonly versions: readonly { readonly endpointName: string }[];
  readonly functionName: string;
  readonly recorderName: string;
  readonly sweeperName: string;
}): SavedQuery[] {
  const functions = [names.functionName, names.recorderName, names.sweeperName].map(functionLogGroup);
  const limit = `| limit ${MOST_ROWS}`;
  return [
    {
      name: "slowest-jobs",
      logGroupNames: functions,
      query: [
        'filter message = "Job ended" and state = "completed"',
        "| fields output_id, attempt, sequence_length, sent_seconds, total_seconds",
        "| sort total_seconds desc",
        limit,
      ].join("\n"),
    },
    {
      name: "failures-by-reason",
      logGroupNames: functions,
      query: [
        'filter message = "Job ended" and state != "completed"',
        "| stats count(*) as jobs, max(@timestamp) as latest by state, reason_code",
        "| sort jobs desc",
        limit,
      ].join("\n"),
    },
    {
      name: "cold-starts",
      logGroupNames: functions,
      query: [
        'filter @type = "REPORT" and ispresent(@initDuration)',
        "| stats count(*) as starts, avg(@initDuration) as average_ms, max(@initDuration) as longest_ms by @log, bin(1h)",
        "| sort starts desc",
        limit,
      ].join("\n"),
    },
    {
      name: "model-starts",
      logGroupNames: [names, ...names.versions].map(({ endpointName }) => endpointLogGroup(endpointName)),
      query: [
        'filter @message like "worker ready"',
        "| fields @timestamp, @logStream, @message",
        "| sort @timestamp desc",
        limit,
      ].join("\n"),
    },
  ];
}
