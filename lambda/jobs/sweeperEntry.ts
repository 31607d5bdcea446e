import type { Context } from "aws-lambda";
import { createClients } from "../shared/clients.js";
import { createServices } from "../shared/services.js";
import { answersTasks, readSettings } from "../shared/settings.js";
import { Telemetry } from "../shared/telemetry.js";
import { createWaits } from "../shared/waits.js";
import { sweep } from "./sweep.js";
import { sweepWaits } from "./sweepWaits.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "sweeper");
const clients = createClients(settings.functionTimeoutSeconds, telemetry.instrument);
const services = createServices(settings, clients, telemetry);
const waits = answersTasks(process.env)
  ? createWaits(clients.documents, settings.jobTableName, telemetry.instrument)
  : undefined;

/** The sweeper, called every minute. */
export async function handler(_event: unknown, context: Context): Promise<void> {
  telemetry.begin(context);
  try {
    const leftMs = (): number => context.getRemainingTimeInMillis();
    await sweep(services, leftMs);
    if (waits) await sweepWaits({ ...services, waits }, leftMs);
  } finally {
    telemetry.end();
  }
}
