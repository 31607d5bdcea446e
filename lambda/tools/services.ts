import type { ToolsClients } from "../shared/clients.js";
import { ModelEndpoint } from "../shared/modelEndpoint.js";
import type { ToolsSettings } from "./environment.js";
import { JobLedger } from "../shared/jobLedger.js";
import { ObjectStore } from "../shared/objectStore.js";
import type { Telemetry } from "../shared/telemetry.js";

/** The settings and services that the tools use. */
export interface ToolsServices {
  readonly settings: ToolsSettings;
  readonly ledger: JobLedger;
  readonly objects: ObjectStore;
  readonly endpoint: ModelEndpoint;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/**
 * Creates the services.
 *
 * @param now gives the current time (default: the system clock)
 */
export function createServices(
  settings: ToolsSettings,
  clients: ToolsClients,
  telemetry: Telemetry,
  now: () => Date = () => new Date(),
): ToolsServices {
  return {
    settings,
    ledger: new JobLedger(clients.documents, settings.jobTableName),
    objects: new ObjectStore(clients.s3),
    endpoint: new ModelEndpoint(clients.sageMaker, clients.sageMakerRuntime, settings, now),
    telemetry,
    now,
  };
}
