import { ToolError } from "../../contract/errors.js";
import type { LedgerItem } from "../../contract/jobs.js";
import type { Queue } from "./estimate.js";
import type { ToolsServices } from "./services.js";
import { LONGEST_JOB_SECONDS } from "./settle.js";
import type { Telemetry } from "./telemetry.js";

/**
 * Looks at the queue from a job's place in it. What cannot be found out is left open and logged: then the phase is
 * unknown, but no job fails for it.
 */
export async function lookAtQueue(item: LedgerItem, services: ToolsServices): Promise<Queue> {
  const { endpoint, settings, telemetry } = services;
  const [state, ahead] = await Promise.all([
    orUnknown(endpoint.state(), telemetry),
    orUnknown(countAhead(item, services), telemetry),
  ]);
  return { endpoint: state, ahead, concurrency: settings.maxConcurrentInvocations };
}

async function countAhead(item: LedgerItem, { ledger, now }: ToolsServices): Promise<number> {
  const since = new Date(now().getTime() - LONGEST_JOB_SECONDS * 1_000).toISOString();
  const before = new Date(Date.parse(item.submitted_at) - 1).toISOString();
  // The oldest job that is counted has none ahead of it, and DynamoDB refuses a range that runs backwards.
  return before < since ? 0 : ledger.countInProgress(since, before);
}

async function orUnknown<Value>(fact: Promise<Value>, telemetry: Telemetry): Promise<Value | undefined> {
  try {
    return await fact;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    telemetry.warn("The queue could not be looked at", {
      error_code: error.code,
      action: String(error.details?.action),
    });
    return undefined;
  }
}
