import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { InputError } from "../../contract/errors.js";
import { redactor } from "../shared/redaction.js";
import type { JobServices } from "../shared/services.js";
import { submitJob } from "../shared/submitJob.js";
import { readRecord } from "./readRecord.js";
import { refusedKey, refusedRecord } from "./refusedRecord.js";

/** The function of the stream: it answers which records of a batch are no jobs yet. */
export type SubmitterHandler = (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse>;

/** Records that are submitted at the same time. */
const AT_A_TIME = 10;

/** Time that the submission of some records can take while AWS is slow, in milliseconds. */
const RESERVED_MS = 20_000;

/**
 * Creates the function that submits the records of the stream. A record that can never be a job is stored with the reason,
 * and does not stop the others. All other failures, such as throttling, are answered, and Lambda delivers the records from
 * the first of them on again: those that are jobs already stay the same jobs.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function createSubmitter(services: JobServices): SubmitterHandler {
  const { telemetry } = services;
  return async ({ Records: records }, context) => {
    telemetry.begin(context);
    try {
      const batchItemFailures: { itemIdentifier: string }[] = [];
      for (let start = 0; start < records.length; start += AT_A_TIME) {
        const next = records.slice(start, start + AT_A_TIME);
        const isLate = context.getRemainingTimeInMillis() < RESERVED_MS;
        const done = isLate ? [] : await Promise.all(next.map((record) => submitRecord(record, services)));
        for (const [index, { kinesis }] of next.entries()) {
          if (done[index] === true) continue;
          telemetry.records.failed();
          batchItemFailures.push({ itemIdentifier: kinesis.sequenceNumber });
        }
      }
      return { batchItemFailures };
    } finally {
      telemetry.end();
    }
  };
}

/** @returns whether the record is done: submitted, or refused for ever */
async function submitRecord(record: KinesisStreamRecord, services: JobServices): Promise<boolean> {
  const { telemetry } = services;
  try {
    await submitOrRefuse(record, services);
    return true;
  } catch (error) {
    // The record itself is not logged: the stream has it, and after the last retry the bucket.
    telemetry.error(`Record ${record.eventID} could not be submitted`, error, redactor({}));
    return false;
  }
}

async function submitOrRefuse(record: KinesisStreamRecord, services: JobServices): Promise<void> {
  const { objects, settings, telemetry } = services;
  try {
    const { found } = await submitJob(readRecord(record), services);
    if (found === "completed") telemetry.meter.cached();
    telemetry.records.accepted();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    await objects.writeJson(settings.bucketName, refusedKey(record), JSON.stringify(refusedRecord(record, error)));
    telemetry.info("Record refused", { record: record.eventID, error_code: error.code });
    telemetry.records.refused();
  }
}
