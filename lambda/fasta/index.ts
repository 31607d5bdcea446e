import { SQSClient } from "@aws-sdk/client-sqs";
import { createClients } from "../shared/clients.js";
import { createServices } from "../shared/services.js";
import { readQueueUrl, readSettings } from "../shared/settings.js";
import { Telemetry } from "../shared/telemetry.js";
import { DropStore } from "./dropStore.js";
import { createDropHandler } from "./handler.js";
import { TaskQueue } from "./taskQueue.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "fasta");
const clients = createClients(settings.functionTimeoutSeconds, telemetry.instrument);

/** The function for FASTA files: uploads, from S3 through SQS, to jobs, and from their ends to a list of variants. */
export const handler = createDropHandler({
  ...createServices(settings, clients, telemetry),
  store: new DropStore(clients.s3, settings.bucketName),
  queue: new TaskQueue(telemetry.instrument(new SQSClient()), readQueueUrl(process.env)),
});
