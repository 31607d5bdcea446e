import { setTimeout as delay } from "node:timers/promises";
import { SSMClient } from "@aws-sdk/client-ssm";
import { SOURCES_ENVIRONMENT } from "../../../contract/environment.js";
import { createStoreClients } from "../../shared/clients.js";
import { ObjectStore } from "../../shared/objectStore.js";
import { EnvironmentError } from "../../shared/settings.js";
import { Telemetry } from "../../shared/telemetry.js";
import { SharedAnswerCache } from "./answerCache.js";
import { createSourcesHandler } from "./handler.js";
import { ncbiKeyReader } from "./ncbiKey.js";
import { SharedRateLimit } from "./rateLimit.js";

/** Time-out for the limits of AWS requests, in seconds: far below that of the function, which waits for sources. */
const AWS_TIMEOUT_SECONDS = 30;

const table = process.env[SOURCES_ENVIRONMENT.tableName];
if (!table) {
  throw new EnvironmentError(`${SOURCES_ENVIRONMENT.tableName} is not set: deploy the stack again, which sets it.`);
}

const telemetry = new Telemetry(process.env["AWS_LAMBDA_FUNCTION_NAME"] ?? "local", "sources");
const { documents, s3 } = createStoreClients(AWS_TIMEOUT_SECONDS, telemetry.instrument);
const timing = { now: Date.now, sleep: (ms: number) => delay(ms) };

/** The function of sources: resolves accessions, and asks one source about one protein. */
export const handler = createSourcesHandler({
  objects: new ObjectStore(s3),
  telemetry,
  ask: {
    ...timing,
    cache: new SharedAnswerCache(documents, table, timing),
    limit: new SharedRateLimit(documents, table, timing),
    ncbiKey: ncbiKeyReader(
      telemetry.instrument(new SSMClient({})),
      process.env[SOURCES_ENVIRONMENT.ncbiKeyParameter],
      Date.now,
    ),
    contact: process.env[SOURCES_ENVIRONMENT.contact],
    environment: process.env,
  },
});
