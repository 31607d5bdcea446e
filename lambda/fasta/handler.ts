import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { redactor } from "../shared/redaction.js";
import { finishDrop } from "./finishDrop.js";
import { readTasks, type Task } from "./messages.js";
import { readUpload } from "./readUpload.js";
import type { DropServices } from "./services.js";
import { submitPart } from "./submitPart.js";

/** The handler of the function for FASTA files: it answers which messages of a batch failed. */
export type DropHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * Creates the handler. Messages may be delivered twice and in any order: each task finds out what is left to do. One that
 * fails is delivered again, and ends in the dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function createDropHandler(services: DropServices): DropHandler {
  const { telemetry } = services;
  return async (event, context) => {
    telemetry.begin(context);
    const leftMs = (): number => context.getRemainingTimeInMillis();
    try {
      const failures: SQSBatchResponse["batchItemFailures"] = [];
      for (const message of event.Records) {
        if (!(await handled(message, services, leftMs))) failures.push({ itemIdentifier: message.messageId });
      }
      return { batchItemFailures: failures };
    } finally {
      telemetry.end();
    }
  };
}

async function handled({ messageId, body }: SQSRecord, services: DropServices, leftMs: () => number): Promise<boolean> {
  try {
    for (const task of readTasks(body)) await run(task, services, leftMs);
    return true;
  } catch (error) {
    // The message itself is not logged: the dead-letter queue keeps it.
    services.telemetry.error(`Message ${messageId} failed`, error, redactor({}));
    return false;
  }
}

function run(task: Task, services: DropServices, leftMs: () => number): Promise<void> {
  switch (task.task) {
    case "read":
      return readUpload(task.key, services);
    case "submit":
      return submitPart(task.drop, task.part, services, leftMs);
    case "finish":
      return finishDrop(task.drop, task.listed, services, leftMs);
  }
}
