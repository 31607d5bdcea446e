import type { Context } from "aws-lambda";
import * as z from "zod";
import type { PlannedScan, ScanSummary, ScanTask } from "../../contract/scan.js";
import { redactor } from "../shared/redaction.js";
import { planScan } from "./planScan.js";
import type { ScanServices } from "./services.js";
import { submitShard } from "./submitShard.js";
import { summariseScan } from "./summariseScan.js";

const text = z.string().min(1);

const task = z.discriminatedUnion("task", [
  z.strictObject({ task: z.literal("plan"), key: text }),
  z.strictObject({ task: z.literal("submit"), shard: text, token: text }),
  z.strictObject({
    task: z.literal("summarise"),
    scan: z.uuid(),
    error: z.object({ Error: z.string(), Cause: z.string().exactOptional() }).exactOptional(),
  }),
]) satisfies z.ZodType<ScanTask>;

/** The function of scans: what its state machine gets back. */
export type ScanHandler = (event: unknown, context: Context) => Promise<PlannedScan | ScanSummary["counts"] | null>;

/** Creates the function that does the tasks of a scan. An error is thrown: the state machine retries what may pass. */
export function createScanHandler(services: ScanServices): ScanHandler {
  const { telemetry } = services;
  return async (event, context) => {
    telemetry.begin(context);
    try {
      return await run(task.parse(event), services);
    } catch (error) {
      telemetry.error("A task of a scan failed", error, redactor({}));
      throw error;
    } finally {
      telemetry.end();
    }
  };
}

async function run(given: ScanTask, services: ScanServices): Promise<Awaited<ReturnType<ScanHandler>>> {
  switch (given.task) {
    case "plan":
      return planScan(given.key, services);
    case "submit":
      await submitShard(given.shard, given.token, services);
      return null;
    case "summarise":
      return (await summariseScan(given.scan, given.error, services)).counts;
  }
}
