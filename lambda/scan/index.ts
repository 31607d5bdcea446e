import { createClients } from "../shared/clients.js";
import { createServices } from "../shared/services.js";
import { readSettings } from "../shared/settings.js";
import { Telemetry } from "../shared/telemetry.js";
import { createWaits } from "../shared/waits.js";
import { createScanHandler } from "./handler.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "scan");
const clients = createClients(settings.functionTimeoutSeconds, telemetry.instrument);

/** The function of scans: cuts a file into shards, submits each, and writes what became of it. */
export const handler = createScanHandler({
  ...createServices(settings, clients, telemetry),
  s3: clients.s3,
  waits: createWaits(clients.documents, settings.jobTableName, telemetry.instrument),
});
