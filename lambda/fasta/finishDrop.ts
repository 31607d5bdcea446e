import {
  dropOutput,
  TOP_VARIANTS_HEADER,
  type DropCounts,
  type DropSummary,
  type ManifestLine,
  type RecordStatus,
} from "../../contract/fastaDrop.js";
import { jsonLines, linesOf, type Drop, type PartKind } from "./dropStore.js";
import { endedPart, type EndedLine } from "./endedPart.js";
import { isCurrent, publishSummary } from "./publish.js";
import type { DropServices } from "./services.js";
import { LONGEST_DELAY_SECONDS } from "./taskQueue.js";

/** Shortest delay of the next look, in seconds, and its part of the time since the file was read. */
const SHORTEST_DELAY_SECONDS = 2;
const DELAY_SHARE = 0.1;

/** Time left at which the rest is left to another call, in milliseconds: a part reads up to 100 results. */
const LEFT_MS = 120_000;

/**
 * Looks at whether all jobs of a drop have ended, and then writes manifest, CSV and summary beside the upload. Else it
 * sends itself again, later. Every part that has ended is stored, so that no result is read twice.
 *
 * Every job ends: the sweeper settles those whose notifications were lost. Work on a drop ends at the latest when S3
 * deletes its parts.
 *
 * @param listed whether the manifest of the submitted jobs was written beside the upload
 * @param leftMs gives the time that is left, in milliseconds
 */
export async function finishDrop(
  id: string,
  listed: boolean,
  services: DropServices,
  leftMs: () => number,
): Promise<void> {
  const { store, queue, now } = services;
  const drop = await store.readDrop(id);
  if (drop === undefined) return;
  const age = (now().getTime() - Date.parse(drop.started_at)) / 1_000;
  const delay = Math.round(Math.min(Math.max(age * DELAY_SHARE, SHORTEST_DELAY_SECONDS), LONGEST_DELAY_SECONDS));
  const submitted = await store.partsOf(id, "manifest");
  if (submitted.size < drop.parts) {
    await queue.send([{ task: "finish", drop: id, listed }], delay);
    return;
  }
  if (!listed) await publish(drop, "manifest", "manifest", services);
  const state = await collect(drop, services, leftMs);
  if (state === "ended") await publishEnd(drop, services);
  else await queue.send([{ task: "finish", drop: id, listed: true }], state === "out of time" ? 0 : delay);
}

/** Stores the parts that have ended. */
async function collect(
  { drop, parts }: Drop,
  services: DropServices,
  leftMs: () => number,
): Promise<"ended" | "unfinished" | "out of time"> {
  const { store } = services;
  const known = await store.partsOf(drop, "ended");
  for (let part = 1; part <= parts; part += 1) {
    if (known.has(part)) continue;
    if (leftMs() < LEFT_MS) return "out of time";
    const lines = linesOf<ManifestLine>((await store.readPart(drop, "manifest", part)) ?? "");
    const ended = await endedPart(lines, services);
    if (ended === undefined) return "unfinished";
    await store.writePart(drop, "top", part, ended.rows);
    await store.writePart(drop, "ended", part, jsonLines(ended.lines));
  }
  return "ended";
}

/** Writes what is known at the end beside the upload; the summary last. */
async function publishEnd(drop: Drop, services: DropServices): Promise<void> {
  const text = await publish(drop, "ended", "manifest", services);
  const rows = await publish(drop, "top", "topVariants", services);
  if (text === undefined || rows === undefined) return;
  const facts = countsOf(linesOf<EndedLine>(text));
  const ended_at = services.now().toISOString();
  await publishSummary(drop, { status: "ended", records: drop.records, ...facts, ended_at }, services);
  services.telemetry.info("All jobs of a FASTA file have ended", { drop: drop.drop, jobs: facts.jobs });
}

/**
 * Writes the texts of all parts as one object beside the upload.
 *
 * @returns the text; undefined if the upload was replaced by another one, to which the outputs belong now
 */
async function publish(
  drop: Drop,
  kind: PartKind,
  output: "manifest" | "topVariants",
  services: DropServices,
): Promise<string | undefined> {
  const { store, telemetry } = services;
  if (!(await isCurrent(drop, services))) {
    telemetry.info("The upload was replaced: the results of the old one are not written", { drop: drop.drop });
    return undefined;
  }
  const texts: string[] = [];
  for (let part = 1; part <= drop.parts; part += 1) {
    texts.push((await store.readPart(drop.drop, kind, part)) ?? "");
  }
  const isCsv = output === "topVariants";
  const text = `${isCsv ? `${TOP_VARIANTS_HEADER}\r\n` : ""}${texts.join("")}`;
  await store.write(dropOutput(drop.key, output), text, isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson");
  return text;
}

function countsOf(lines: readonly EndedLine[]): Required<Pick<DropSummary, "counts" | "jobs" | "unreadable_results">> {
  const count = (status: RecordStatus | undefined): number => lines.filter((line) => line.status === status).length;
  const counts: DropCounts = {
    invalid: count(undefined),
    completed: count("completed"),
    failed: count("failed"),
    expired: count("expired"),
    cancelled: count("cancelled"),
    unknown: count("unknown"),
  };
  const jobs = new Set(lines.flatMap(({ output_id: id }) => id ?? [])).size;
  return { counts, jobs, unreadable_results: lines.filter(({ unreadable }) => unreadable).length };
}
