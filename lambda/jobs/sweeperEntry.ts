import type { Context } from "aws-lambda";
import { createClients } from "../shared/clients.js";
import { createServices } from "../shared/services.js";
import { readSettings } from "../shared/settings.js";
import { Telemetry } from "../shared/telemetry.js";
import { sweep } from "./sweep.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "sweeper");
const services = createServices(
  settings,
  createClients(settings.functionTimeoutSeconds, telemetry.instrument),
  telemetry,
);

/** The sweeper, called every minute. */
export async function handler(_event: unknown, context: Context): Promise<void> {
  telemetry.begin(context);
  try {
    await sweep(services, () => context.getRemainingTimeInMillis());
  } finally {
    telemetry.end();
  }
}
