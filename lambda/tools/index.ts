import { createClients } from "../shared/clients.js";
import { Telemetry } from "../shared/telemetry.js";
import { readSettings } from "./environment.js";
import { createHandler } from "./handler.js";
import { createServices } from "./services.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local");
const clients = createClients(settings.functionTimeoutSeconds, telemetry.instrument);

/** The tools' Lambda function: `invoke_endpoint` and `get_results`. */
export const handler = createHandler(createServices(settings, clients, telemetry));
