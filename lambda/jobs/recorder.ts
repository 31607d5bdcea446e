import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { redactor } from "../shared/redaction.js";
import { readNotification } from "./notification.js";
import { record, type Measured, type RecorderServices } from "./record.js";

/** The handler of the recorder: it answers which messages of a batch could not be recorded. */
export type RecorderHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * Creates the handler of the recorder. Messages that cannot be recorded are delivered again, alone, and end in the
 * dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function createRecorder(services: RecorderServices): RecorderHandler {
  const { telemetry } = services;
  return async (event, context) => {
    telemetry.begin(context);
    try {
      const results = await Promise.all(event.Records.map((message) => recordOne(message, services)));
      await measure(
        results.flatMap(({ measured }) => measured ?? []),
        services,
      );
      return { batchItemFailures: results.flatMap(({ failed }) => (failed ? [{ itemIdentifier: failed }] : [])) };
    } finally {
      telemetry.end();
    }
  };
}

async function recordOne(
  { messageId, body }: SQSRecord,
  services: RecorderServices,
): Promise<{ readonly measured?: Measured | undefined; readonly failed?: string }> {
  try {
    return { measured: await record(readNotification(body), services) };
  } catch (error) {
    // The message itself is not logged: the dead-letter queue keeps it.
    services.telemetry.error(`Message ${messageId} could not be recorded`, error, redactor({}));
    return { failed: messageId };
  }
}

/** Adds completed jobs to the measured times. These are averages: that they cannot be written fails no message. */
async function measure(measured: readonly Measured[], services: RecorderServices): Promise<void> {
  const { settings, telemetry, times, now } = services;
  const versions = new Set(measured.map(({ modelVersion }) => modelVersion));
  for (const version of versions) {
    const works = measured.filter(({ modelVersion }) => modelVersion === version).map(({ work }) => work);
    try {
      await times.add(version, works, settings.maxConcurrentInvocations, now());
    } catch (error) {
      telemetry.error("The measured times could not be written", error, redactor({}));
    }
  }
}
