import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Telemetry } from "../shared/telemetry.js";
import { createBrake } from "./brake.js";
import { BrakeStore } from "./brakeStore.js";
import { readBrakeSettings } from "./settings.js";

const settings = readBrakeSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "brake");
const documents = DynamoDBDocumentClient.from(telemetry.instrument(new DynamoDBClient({})));
const scaling = telemetry.instrument(new ApplicationAutoScalingClient({}));

/** The function of the brake, called with messages of the budget, and by people and deployments. */
export const handler = createBrake({
  settings,
  store: new BrakeStore(documents, scaling, settings.jobTableName),
  telemetry,
  now: () => new Date(),
});
