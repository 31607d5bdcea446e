import { SSMClient } from "@aws-sdk/client-ssm";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { MODEL_GUARD_ENVIRONMENT } from "../../contract/environment.js";
import { EnvironmentError } from "../shared/settings.js";
import { Telemetry } from "../shared/telemetry.js";
import { guard } from "./guard.js";

const { [MODEL_GUARD_ENVIRONMENT.pointer]: pointer, [MODEL_GUARD_ENVIRONMENT.alarms]: alarms } = process.env;
if (!pointer || !alarms) {
  throw new EnvironmentError(
    `${Object.values(MODEL_GUARD_ENVIRONMENT).join(" or ")} is not set: deploy the stack again.`,
  );
}
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "models");
const services = {
  ssm: telemetry.instrument(new SSMClient()),
  pointer,
  alarms: z.record(z.string(), z.string()).parse(JSON.parse(alarms)),
  telemetry,
  now: () => new Date(),
};

/** Rolls back the active model version when one of its alarms goes off; called by CloudWatch. */
export async function handler(event: unknown, context: Context): Promise<void> {
  telemetry.begin(context);
  await guard(event, services);
}
