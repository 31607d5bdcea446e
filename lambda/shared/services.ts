import type { SSMClient } from "@aws-sdk/client-ssm";
import { Brake } from "./brake.js";
import type { JobClients } from "./clients.js";
import { JobLedger } from "./jobLedger.js";
import { ModelEndpoint } from "./modelEndpoint.js";
import { endpointsWith, ModelVersions, type VersionSettings } from "./modelVersions.js";
import { ObjectStore } from "./objectStore.js";
import { ServiceTimesStore } from "./serviceTimes.js";
import type { JobSettings } from "./settings.js";
import type { SubmitServices } from "./submitJob.js";
import type { Telemetry } from "./telemetry.js";

/** The settings and services of a function that submits jobs. */
export interface JobServices extends SubmitServices {
  readonly settings: JobSettings;
}

/**
 * Creates the services.
 *
 * @param now gives the current time (default: the system clock)
 */
export function createServices(
  settings: JobSettings,
  clients: JobClients,
  telemetry: Telemetry,
  now: () => Date = () => new Date(),
): JobServices {
  return {
    settings,
    ledger: new JobLedger(clients.documents, settings.jobTableName),
    times: new ServiceTimesStore(clients.documents, settings.jobTableName),
    objects: new ObjectStore(clients.s3),
    endpoint: new ModelEndpoint(clients.sageMaker, clients.sageMakerRuntime, settings, now),
    ...(settings.models && { models: versionsOf(settings.models, settings, clients, telemetry, now) }),
    telemetry,
    now,
    ...(settings.costGuard && { brake: new Brake(clients.documents, settings.jobTableName, now) }),
  };
}

function versionsOf(
  versions: VersionSettings,
  { maxInvocationSeconds, functionTimeoutSeconds }: JobSettings,
  clients: JobClients,
  { instrument }: Telemetry,
  now: () => Date,
): ModelVersions {
  let client: Promise<SSMClient> | undefined;
  const ssm = () =>
    (client ??= import("./parameterClient.js").then(({ createSsm }) => instrument(createSsm(functionTimeoutSeconds))));
  return new ModelVersions(versions, ssm, endpointsWith(clients, maxInvocationSeconds, now), now);
}
