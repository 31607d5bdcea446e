import { GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { BAKE_SECONDS, GUARD, MAX_REASON_LENGTH, readPointer, type ActivePointer } from "../../contract/models.js";
import { awsCall } from "../shared/awsCall.js";
import type { Telemetry } from "../shared/telemetry.js";

/**
 * What CloudWatch calls a function with when an alarm changes its state.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
 */
const alarmEvent = z.looseObject({
  alarmData: z.looseObject({
    alarmName: z.string(),
    state: z.looseObject({ value: z.string(), reason: z.string().default("") }),
  }),
});

/** What the guard works with. */
export interface GuardServices {
  readonly ssm: Pick<SSMClient, "send">;
  /** Name of the parameter with the active pointer. */
  readonly pointer: string;
  /** The version that each alarm watches, by the alarm's name: every version of the stack has one. */
  readonly alarms: Readonly<Record<string, string>>;
  readonly telemetry: Pick<Telemetry, "info" | "warn">;
  readonly now: () => Date;
}

/**
 * Rolls back the active version when one of its alarms goes off within {@link BAKE_SECONDS} of its activation. What it did
 * itself it never rolls back: two bad versions would take turns.
 *
 * @returns the new pointer; undefined if nothing was changed
 * @throws z.ZodError if the event is of no alarm; ToolError if an AWS call fails
 */
export async function guard(event: unknown, services: GuardServices): Promise<ActivePointer | undefined> {
  const { alarmName, state } = alarmEvent.parse(event).alarmData;
  const { ssm, alarms, telemetry, now } = services;
  const watched = alarms[alarmName];
  if (state.value !== "ALARM" || watched === undefined) return undefined;
  const get = new GetParameterCommand({ Name: services.pointer });
  const { Parameter } = await awsCall("ssm:GetParameter", ssm.send(get));
  const pointer = readPointer(Parameter?.Value ?? "");
  // One that was retired meanwhile would answer nobody.
  const previous = Object.values(alarms).find((version) => version === pointer?.previous);
  if (pointer === undefined || previous === undefined || !isBaking(pointer, watched, now())) {
    telemetry.info("An alarm of a model version changes nothing", { alarm: alarmName, model_version: watched });
    return undefined;
  }
  const next: ActivePointer = {
    version: previous,
    previous: watched,
    changed_at: now().toISOString(),
    by: GUARD,
    reason: `${alarmName}: ${state.reason}`.slice(0, MAX_REASON_LENGTH),
    forced: [],
  };
  const put = new PutParameterCommand({
    Name: services.pointer,
    Value: JSON.stringify(next),
    Type: "String",
    Overwrite: true,
  });
  await awsCall("ssm:PutParameter", ssm.send(put));
  telemetry.warn("A model version was rolled back", { alarm: alarmName, model_version: watched, now: next.version });
  return next;
}

function isBaking({ version, changed_at: at, by }: ActivePointer, watched: string, now: Date): boolean {
  if (version !== watched || at === null || by === GUARD) return false;
  return now.getTime() - Date.parse(at) <= BAKE_SECONDS * 1_000;
}
