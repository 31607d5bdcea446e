import { createClients } from "../../shared/clients.js";
import { createServices } from "../../shared/services.js";
import { readSettings } from "../../shared/settings.js";
import { Telemetry } from "../../shared/telemetry.js";
import { createWaits } from "../../shared/waits.js";
import { AuditLog } from "../workflow/audit.js";
import { WorkflowStore } from "../workflow/workflowStore.js";
import { createStepHandler } from "./handler.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "workflow");
const clients = createClients(settings.functionTimeoutSeconds, telemetry.instrument);

/** The function of the steps: prepares workflows, submits their proteins, joins and reports what was found. */
export const handler = createStepHandler({
  ...createServices(settings, clients, telemetry),
  s3: clients.s3,
  waits: createWaits(clients.documents, settings.jobTableName, telemetry.instrument),
  workflows: new WorkflowStore(clients.documents, settings.jobTableName),
  audit: new AuditLog(clients.documents, settings.jobTableName),
});
