import { PutObjectCommand } from "@aws-sdk/client-s3";
import { s3Uri } from "../../../contract/storage.js";
import { auditArchiveKey } from "../../../contract/audit.js";
import { awsCall, namesOf } from "../../shared/awsCall.js";
import type { StepServices } from "./services.js";

/** How long after its end a day is archived, in ms: calls are recorded when they end, and found by their day some time later. */
const SETTLED_MS = 3_600_000;

/** Past days that each call archives, if they are not archived: a failed call is made up for. */
const DAYS = 7;

/**
 * Archives the audit of past days: one object a day, one line a call. A day that is archived is never written again.
 *
 * @param day such as `2026-11-25`, to archive this day alone
 * @returns the days that were archived
 */
export async function archiveAudit(
  day: string | undefined,
  services: Pick<StepServices, "audit" | "objects" | "s3" | "settings" | "now">,
): Promise<string[]> {
  const days = day === undefined ? pastDays(services.now()) : [day];
  const archived: string[] = [];
  for (const one of days) {
    if (await archiveDay(one, services)) archived.push(one);
  }
  return archived;
}

function pastDays(now: Date): string[] {
  return Array.from({ length: DAYS }, (_, back) => {
    return new Date(now.getTime() - SETTLED_MS - (back + 1) * 86_400_000).toISOString().slice(0, 10);
  }).reverse();
}

async function archiveDay(
  day: string,
  { audit, objects, s3, settings }: Parameters<typeof archiveAudit>[1],
): Promise<boolean> {
  const key = auditArchiveKey(day);
  if (await objects.find(s3Uri({ bucket: settings.bucketName, key }))) return false;
  const items = await audit.ofDay(day);
  if (items.length === 0) return false;
  const lines = items.map(({ submitted_at: time, owner, action, workflow_id, source_ip, result, request_id }) =>
    JSON.stringify({ time, owner, action, workflow_id, source_ip, result, request_id }),
  );
  const put = new PutObjectCommand({
    Bucket: settings.bucketName,
    Key: key,
    Body: `${lines.join("\n")}\n`,
    ContentType: "application/jsonl",
    // Only where there is no such object: two calls at the same time write one archive.
    IfNoneMatch: "*",
  });
  try {
    await awsCall("s3:PutObject", s3.send(put));
    return true;
  } catch (error) {
    if (namesOf(error).includes("PreconditionFailed")) return false;
    throw error;
  }
}
