import { createClients } from "../shared/clients.js";
import { readSettings } from "./environment.js";
import { createHandler } from "./handler.js";
import { createServices } from "./services.js";
import { Telemetry } from "../shared/telemetry.js";

const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local");
const services = createServices(readSettings(process.env), createClients(telemetry.instrument), telemetry);

/** The tools' Lambda function: `invoke_endpoint` and `get_results`. */
export const handler = createHandler(services);
