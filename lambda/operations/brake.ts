import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { brakeCall, type BrakeAction, type BrakeState, type BrakeTarget } from "../../contract/brake.js";
import { redactor } from "../shared/redaction.js";
import type { Telemetry } from "../shared/telemetry.js";
import type { BrakeStore, Limits } from "./brakeStore.js";
import type { BrakeSettings } from "./settings.js";

export interface BrakeServices {
  readonly settings: BrakeSettings;
  readonly store: BrakeStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** A message from the queue of the budget, or the call of a person or of a deployment. */
export type BrakeEvent = SQSEvent | { readonly action: BrakeAction };

/** A message on the topic of the brake that is not about the budget of this stack. */
class ForeignMessageError extends Error {
  override readonly name = "ForeignMessageError";
}

/**
 * Creates the function of the brake. A message of the budget pulls it; `{"action": ...}` pulls, releases, shows or applies
 * it. Every action can be repeated.
 */
export function createBrake(
  services: BrakeServices,
): (event: BrakeEvent, context: Context) => Promise<BrakeState | SQSBatchResponse> {
  const { telemetry } = services;
  return async (event, context) => {
    telemetry.begin(context);
    try {
      if ("Records" in event) return await takeMessages(event, services);
      return await act(brakeCall.parse(event).action, services);
    } finally {
      telemetry.end();
    }
  };
}

async function takeMessages({ Records: records }: SQSEvent, services: BrakeServices): Promise<SQSBatchResponse> {
  const { settings, telemetry } = services;
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { body, messageId } of records) {
    try {
      // AWS documents the text for people, not its form; the name of the budget is in every form. The topic is for the one
      // alert at 100 %, and only AWS Budgets can publish to it.
      if (!body.includes(settings.budgetName)) {
        throw new ForeignMessageError(`The message does not name the budget ${settings.budgetName}.`);
      }
      await pull("the budget of the month is used up", services);
    } catch (error) {
      telemetry.error("A message of the budget could not be taken", error, redactor({}));
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function act(action: BrakeAction, services: BrakeServices): Promise<BrakeState> {
  if (action === "pull") await pull("pulled by hand", services);
  if (action === "release") await release(services);
  if (action === "apply") await apply(services);
  return show(services);
}

/** Stops submissions first: an instance that ends would otherwise be started for the next one. */
async function pull(reason: string, services: BrakeServices): Promise<void> {
  const { store, telemetry, now } = services;
  const before = await store.read();
  if (!before.on) await store.write({ on: true, changed_at: now().toISOString(), reason });
  await apply(services);
  telemetry.warn("The brake is on: no new job is taken", { reason: before.on ? before.reason : reason });
}

/** Opens the endpoints first: a job that is taken then finds them open. */
async function release(services: BrakeServices): Promise<void> {
  const { store, telemetry, now } = services;
  await limitAll(services, false);
  await store.write({ on: false, changed_at: now().toISOString(), reason: "released by hand" });
  telemetry.info("The brake is released");
}

/** Gives the scalable targets the limits of the configuration, or those of the brake while it is on. */
async function apply(services: BrakeServices): Promise<void> {
  await limitAll(services, (await services.store.read()).on);
}

/** Sets the limits of every version, also where those of another cannot be set. */
async function limitAll({ settings, store }: BrakeServices, braked: boolean): Promise<void> {
  const results = await Promise.allSettled(
    settings.targets.map((target) =>
      store.limit(target.resourceId, braked ? brakedLimits(target, settings) : target, braked),
    ),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** Of versions beside `base` nothing is started: one that was at zero would get an instance from the brake. */
function brakedLimits(target: BrakeTarget, { targets, brakeCapacity: floor }: BrakeSettings): Limits {
  const { min, max } = target === targets[0] ? { min: floor, max: floor } : target;
  return { min: Math.min(floor, min), max: Math.min(floor, max) };
}

async function show({ settings: { targets }, store }: BrakeServices): Promise<BrakeState> {
  const [state, limits] = await Promise.all([store.read(), store.limits(targets.map(({ resourceId }) => resourceId))]);
  const capacities = ({ resourceId }: BrakeTarget) => {
    const { min, max } = limits.get(resourceId) ?? { min: 0, max: 0 };
    return { min_capacity: min, max_capacity: max };
  };
  const versions = targets.map((target) => ({ name: target.name, ...capacities(target) }));
  return { ...state, ...capacities(targets[0]), ...(versions.length > 1 ? { versions } : {}) };
}
