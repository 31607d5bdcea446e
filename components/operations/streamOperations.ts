import { STREAM_PREFIXES } from "../../contract/storage.js";
import { functionMetric, ownMetric, type Metric } from "../shared/metrics.js";
import { streamNames } from "../shared/streamNames.js";
import { ONCE, type Alarm } from "./alarm.js";
import type { Graph, Line } from "./graph.js";

/** Longest delay of the stream, in minutes. The stream keeps a record for 24 hours. */
const LONGEST_DELAY_MINUTES = 60;

/** A metric that the function counts, see `lambda/stream`. */
function counted(submitter: string, name: "RecordsAccepted" | "RecordsRefused" | "RecordsFailed"): Metric {
  return ownMetric(submitter, "stream", name);
}

/**
 * The alarms of the stream of submissions.
 *
 * @param prefix first part of the names of the stack
 */
export function streamAlarms(prefix: string): Alarm[] {
  const { submitter } = streamNames(prefix);
  return [
    {
      id: "stream-delay",
      alarmDescription: `Records have been in the stream for ${LONGEST_DELAY_MINUTES} minutes: their producers wait for jobs, and after 24 hours the records are lost. See the log of ${submitter}, and fix what it says there.`,
      metric: functionMetric(submitter, "IteratorAge"),
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      // The metric is in milliseconds.
      threshold: LONGEST_DELAY_MINUTES * 60_000,
    },
    {
      id: "stream-refused",
      alarmDescription: `Records of the stream were refused: for their producer they never become jobs. The objects below ${STREAM_PREFIXES.refused} of the bucket have the reasons; give them to the producer.`,
      metric: counted(submitter, "RecordsRefused"),
      ...ONCE,
      notifies: "itself",
    },
    {
      id: "stream-failed",
      alarmDescription: `Records of the stream were not submitted: their producers wait while they are retried, and after three retries they are kept below ${STREAM_PREFIXES.givenUp} of the bucket. See the log of ${submitter}, then send those again.`,
      metric: counted(submitter, "RecordsFailed"),
      ...ONCE,
    },
    {
      id: "stream-errors",
      alarmDescription: `The function of the stream failed: producers wait while their records are retried, and after three retries they are kept below ${STREAM_PREFIXES.givenUp} of the bucket. See the log of ${submitter}, then send those again.`,
      metric: functionMetric(submitter, "Errors"),
      ...ONCE,
    },
    {
      id: "stream-lost",
      alarmDescription: `Lambda gave records of the stream up, and could not write them to the bucket: for their producer they are lost. See the role of ${submitter}, then let the producer send them again.`,
      metric: functionMetric(submitter, "DestinationDeliveryFailures"),
      ...ONCE,
    },
  ];
}

/**
 * The graphs of the stream of submissions.
 *
 * @param prefix first part of the names of the stack
 */
export function streamGraphs(prefix: string): Graph[] {
  const { stream, submitter } = streamNames(prefix);
  const sum = (metric: Metric, label: string): Line => ({ metric, stat: "Sum", label });
  const ofStream = (metricName: string): Metric => ({
    namespace: "AWS/Kinesis",
    metricName,
    dimensions: { StreamName: stream },
  });
  return [
    {
      title: "Stream: records",
      lines: [
        sum(ofStream("IncomingRecords"), "put"),
        sum(counted(submitter, "RecordsAccepted"), "accepted"),
        sum(counted(submitter, "RecordsRefused"), "refused"),
        sum(counted(submitter, "RecordsFailed"), "failed, retried"),
        sum(ofStream("WriteProvisionedThroughputExceeded"), "throttled"),
      ],
    },
    {
      title: "Stream: calls",
      lines: [
        sum(functionMetric(submitter, "Invocations"), "calls"),
        sum(functionMetric(submitter, "Errors"), "errors"),
      ],
    },
    {
      title: "Stream: delay (ms)",
      lines: [{ metric: functionMetric(submitter, "IteratorAge"), stat: "Maximum", label: "delay" }],
    },
  ];
}
