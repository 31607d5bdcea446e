import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { wholeResult } from "../../client/results.js";
import { SIGN } from "../../client/score.js";
import { renderExtremes } from "../../client/terminal/variants.js";
import type { ListedJob, ListJobsData } from "../../contract/tools.js";
import type { JobStatus } from "../../contract/jobs.js";
import { warnIfSynthetic } from "./readResult.js";
import { withTarget, type TargetOptions } from "./target.js";

type Asked = TargetOptions & { readonly json?: boolean };

/**
 * Shows a job; a completed one's result is written to a file.
 *
 * @returns the exit code: 1 where the job failed, expired or was cancelled
 */
export function getJob(id: string, options: Asked & { readonly out: string }): Promise<number> {
  return withTarget(options, async ({ tools, s3 }) => {
    const answer = await tools.getResults({ output_id: id, detail: "full" });
    const { status, phase, reason, retry_after_seconds: wait } = answer;
    if (status === "completed") {
      const result = await wholeResult(answer, s3);
      const file = path.join(options.out, `${id}.json`);
      mkdirSync(options.out, { recursive: true });
      writeFileSync(file, JSON.stringify(result));
      if (options.json) console.log(JSON.stringify({ output_id: id, status, file }));
      else console.log(`${renderExtremes(result)}\n\nllr ${SIGN}.\nFull result: ${file}`);
      warnIfSynthetic(result);
      return 0;
    }
    if (options.json) {
      console.log(JSON.stringify({ output_id: id, status, phase, reason, retry_after_seconds: wait }));
    } else if (status === "in_progress") {
      console.log(`${id}: ${phase ?? status}; ask again in ${wait ?? 5} s.`);
    } else {
      console.log(`${id}: ${status}: ${reason ?? "no reason given"}`);
    }
    return status === "in_progress" ? 0 : 1;
  });
}

/** Lists jobs, newest first. */
export function listJobs(
  options: Asked & {
    readonly status?: JobStatus;
    readonly tag?: string;
    readonly limit: number;
    readonly next?: string;
  },
): Promise<number> {
  const { status, tag, limit, next } = options;
  return withTarget(options, async ({ tools }) => {
    const page = await tools.listJobs({
      limit,
      ...(status && { status }),
      ...(tag !== undefined && { tag }),
      ...(next !== undefined && { next_token: next }),
    });
    console.log(options.json ? JSON.stringify(page) : pageText(page));
    return 0;
  });
}

function pageText({ jobs, next_token: next }: ListJobsData): string {
  if (jobs.length === 0) return "No jobs.";
  return [...jobs.map(jobText), ...(next === null ? [] : [`More: --next ${next}`])].join("\n");
}

function jobText({
  output_id: id,
  status,
  submitted_at: submitted,
  sequence_length: length,
  name,
  reason,
}: ListedJob): string {
  const label = [name, reason].filter((text) => text !== undefined).join(", ");
  return `${id}  ${status.padEnd(11)}  ${submitted}  ${`${length}`.padStart(5)} residues  ${label}`.trimEnd();
}

/** Cancels a job. */
export function cancelJob(id: string, options: Asked): Promise<number> {
  return withTarget(options, async ({ tools }) => {
    const answer = await tools.cancelJob(id);
    if (options.json) console.log(JSON.stringify(answer));
    else if (answer.status !== "cancelled") console.log(`${id} had ended before: ${answer.status}.`);
    else console.log(`${id}: cancelled${answer.withdrawn ? "" : "; the model may still work on it"}.`);
    return answer.status === "cancelled" ? 0 : 1;
  });
}
