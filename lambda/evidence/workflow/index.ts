import { SFNClient } from "@aws-sdk/client-sfn";
import { API_ENVIRONMENT, WORKFLOW_ENVIRONMENT } from "../../../contract/environment.js";
import { createStoreClients } from "../../shared/clients.js";
import { ObjectStore } from "../../shared/objectStore.js";
import { requiredVariables } from "../../shared/settings.js";
import { Telemetry } from "../../shared/telemetry.js";
import { AuditLog } from "./audit.js";
import { createWorkflowHandler } from "./handler.js";
import { WorkflowStore } from "./workflowStore.js";

const settings = requiredVariables(WORKFLOW_ENVIRONMENT, process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "workflow");
const { s3, documents } = createStoreClients(Number(settings.functionTimeoutSeconds), telemetry.instrument);
const origins = process.env[API_ENVIRONMENT.origins];

/** The function of workflows: starts, reads and cancels them, for the HTTP API and for direct calls. */
export const handler = createWorkflowHandler(
  {
    settings,
    workflows: new WorkflowStore(documents, settings.jobTableName),
    audit: new AuditLog(documents, settings.jobTableName),
    objects: new ObjectStore(s3),
    s3,
    machines: telemetry.instrument(new SFNClient()),
    telemetry,
    now: () => new Date(),
  },
  origins ? origins.split(",") : [],
);
