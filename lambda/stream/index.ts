import { createClients } from "../shared/clients.js";
import { createServices } from "../shared/services.js";
import { readSettings } from "../shared/settings.js";
import { Telemetry } from "../shared/telemetry.js";
import { createSubmitter } from "./submitter.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "stream");
const clients = createClients(settings.functionTimeoutSeconds, telemetry.instrument);

/** Submits the records of the stream of submissions. */
export const handler = createSubmitter(createServices(settings, clients, telemetry));
