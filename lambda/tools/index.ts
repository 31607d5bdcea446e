import { SQSClient } from "@aws-sdk/client-sqs";
import { API_ENVIRONMENT, FASTA_ENVIRONMENT } from "../../contract/environment.js";
import { createClients } from "../shared/clients.js";
import { Telemetry } from "../shared/telemetry.js";
import { readSettings } from "../shared/settings.js";
import { createHandler } from "./handler.js";
import { createServices } from "../shared/services.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local");
const clients = createClients(settings.functionTimeoutSeconds, telemetry.instrument);

const url = process.env[FASTA_ENVIRONMENT.queueUrl];
const origins = process.env[API_ENVIRONMENT.origins];

/** The tools' Lambda function: `invoke_endpoint`, `get_results`, `list_jobs`, `cancel_job` and `submit_fasta`. */
export const handler = createHandler(createServices(settings, clients, telemetry), {
  ...(url && { fileQueue: { sqs: telemetry.instrument(new SQSClient()), url } }),
  ...(origins && { origins: origins.split(",") }),
});
