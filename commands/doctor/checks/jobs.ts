import { GetCommand, QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BRAKE_KEY } from "../../../contract/brake.js";
import { LEDGER_INDEXES, type JobState, type LedgerItem } from "../../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../../contract/limits.js";
import { findingsOf, type Finding } from "../../preflight/finding.js";
import { restoreCommand, type StackNames } from "../stackNames.js";

/** Most jobs of one state that are looked at. */
const MOST = 100;

/** Age of failures that are reported, in hours. */
const RECENT_HOURS = 24;

/** A job is late from here on, in seconds: the sweeper settles such jobs within minutes. */
const LATE_SECONDS = LONGEST_JOB_SECONDS + 600;

/** A code of the container or of the tools, as a reason begins with it. */
const CODE = /^([A-Z]+(?:_[A-Z]+)+): /;

/** Whether the brake of the budget is on; its finding. */
export async function brake(
  documents: DynamoDBDocumentClient,
  table: string,
  stack: string,
): Promise<{ readonly on: boolean; readonly findings: readonly Finding[] }> {
  const { ok, bad } = findingsOf("brake of the budget");
  const { Item: item } = await documents.send(new GetCommand({ TableName: table, Key: { output_id: BRAKE_KEY } }));
  if (item?.["on"] !== true) return { on: false, findings: [ok("The brake is off: jobs are taken.")] };
  const sentence = `The brake is on since ${String(item["changed_at"])} (${String(item["reason"])}): no new job is taken.`;
  return {
    on: true,
    findings: [bad("fault", sentence, `npx vep brake release --stack ${stack}, when the budget allows it.`)],
  };
}

/** Checks the ledger: jobs that are late, and the last failures with their reasons. */
export async function jobs(
  documents: DynamoDBDocumentClient,
  table: string,
  { stack, prefix }: StackNames,
  now: Date,
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("jobs");
  const found = await Promise.all(
    (["waiting", "in_progress", "failed", "expired"] as const).map((state) => inState(documents, table, state)),
  ).catch((error: unknown) => {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  });
  if (found === undefined) {
    return [bad("fault", `There is no table ${table}: no job is known or taken.`, restoreCommand(stack))];
  }
  const [waiting, running, failed, expired] = found;
  const age = (time: string): number => (now.getTime() - Date.parse(time)) / 1_000;
  const late = (running ?? []).filter((job) => age(job.sent_at ?? job.submitted_at) > LATE_SECONDS);
  const recent = [...(failed ?? []), ...(expired ?? [])].filter(
    ({ completed_at: at, submitted_at: since }) => age(at ?? since) < RECENT_HOURS * 3_600,
  );
  const findings: Finding[] = [];
  if (late.length > 0) {
    const sentence = `${late.length} job(s) are unfinished past their deadline, such as ${late[0]?.output_id ?? ""}.`;
    const fix = `aws logs tail /aws/lambda/${prefix}-sweeper --since 1h has the reason: docs/runbook.md#late-jobs`;
    findings.push(bad("fault", sentence, fix));
  }
  for (const [reason, number] of byReason(recent)) {
    const sentence = `${number} job(s) ended without a result in ${RECENT_HOURS} hours: ${reason}`;
    const status = reason === "EXPIRED" ? "expired" : "failed";
    const fix = `npx vep list --status ${status} --stack ${stack} lists them: docs/runbook.md#${status}-requests`;
    findings.push(bad("warning", sentence, fix));
  }
  if (findings.length > 0) return findings;
  return [
    ok(
      `No job is late, and none failed in ${RECENT_HOURS} hours; ${waiting?.length ?? 0} wait, ${running?.length ?? 0} were sent.`,
    ),
  ];
}

/** Numbers of jobs by the code of their reason: its text can have residues in it. */
function byReason(items: readonly LedgerItem[]): Map<string, number> {
  const reasons = items.map(
    ({ reason = "", state }) => CODE.exec(reason)?.[1] ?? (state === "expired" ? "EXPIRED" : "OTHER"),
  );
  return new Map([...new Set(reasons)].map((reason) => [reason, reasons.filter((one) => one === reason).length]));
}

async function inState(documents: DynamoDBDocumentClient, table: string, state: JobState): Promise<LedgerItem[]> {
  const { Items: items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: LEDGER_INDEXES.byState,
      KeyConditionExpression: "#state = :state",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":state": state },
      // Late jobs are the oldest, failures of today the newest.
      ScanIndexForward: state === "waiting" || state === "in_progress",
      Limit: MOST,
    }),
  );
  return items as LedgerItem[];
}
