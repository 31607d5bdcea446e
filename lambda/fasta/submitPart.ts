import { InputError } from "../../contract/errors.js";
import type { ManifestLine } from "../../contract/fastaDrop.js";
import { outputIdOf, submissionIdOf } from "../../contract/jobs.js";
import { readQueue, type Queue } from "../shared/estimate.js";
import type { FastaRecord } from "../shared/fastaRecords.js";
import { readSubmission } from "../shared/submissionInput.js";
import { forPinned } from "../shared/versionServices.js";
import { submitOrWait } from "../shared/submitOrWait.js";
import { jsonLines, linesOf } from "./dropStore.js";
import type { DropServices } from "./services.js";

/** Records that are submitted at the same time, with one look at the endpoint's queue. */
const AT_A_TIME = 20;

/** Time left at which the rest of a part is left to another call, in milliseconds. */
export const LEFT_MS = 30_000;

/**
 * Submits the records of a part, each by the one submit path, and then writes its lines of the manifest. A part whose
 * lines are there is not submitted again. A part that was interrupted is submitted from its start: that finds the jobs
 * that it had started.
 *
 * @param leftMs gives the time that is left, in milliseconds
 */
export async function submitPart(drop: string, part: number, all: DropServices, leftMs: () => number): Promise<void> {
  const { store, queue: tasks, telemetry } = all;
  if ((await store.readPart(drop, "manifest", part)) !== undefined) return;
  const text = await store.readPart(drop, "records", part);
  if (text === undefined) {
    telemetry.warn("A part of a FASTA file was deleted before it was submitted", { drop, part });
    return;
  }
  const records = linesOf<FastaRecord>(text);
  const services = await ofDrop(drop, all);
  if (services instanceof InputError) {
    const { code, message } = services;
    const lines = records.map((record): ManifestLine => ({ ...placeOf(record), error: { code, message } }));
    await store.writePart(drop, "manifest", part, jsonLines(lines));
    return;
  }
  const { settings } = services;
  const lines: ManifestLine[] = [];
  for (let start = 0; start < records.length; start += AT_A_TIME) {
    if (leftMs() < LEFT_MS) {
      await tasks.send([{ task: "submit", drop, part }]);
      return;
    }
    const queue = await readQueue(settings.modelVersion, services);
    const some = records.slice(start, start + AT_A_TIME);
    lines.push(...(await Promise.all(some.map((record) => submitRecord(record, queue, services)))));
  }
  await store.writePart(drop, "manifest", part, jsonLines(lines));
  telemetry.info("A part of a FASTA file was submitted", { drop, part, records: lines.length });
}

/** The services of the version that scores the file, or why there are none. */
async function ofDrop(drop: string, services: DropServices): Promise<DropServices | InputError> {
  try {
    return forPinned(services, (await services.store.readDrop(drop))?.model);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** Where a record is in its file. */
function placeOf({ index, line, name }: FastaRecord): Pick<ManifestLine, "record" | "line" | "name"> {
  return { record: index + 1, line, ...(name !== undefined && { name }) };
}

/** Submits a record. A fault of the record, or a job that is refused, is an error in its line. */
async function submitRecord(record: FastaRecord, queue: Queue, services: DropServices): Promise<ManifestLine> {
  const { name } = record;
  const place = placeOf(record);
  if ("error" in record) return { ...place, error: record.error };
  try {
    const submission = readSubmission({ sequence: record.sequence, ...(name !== undefined && { name }) });
    const id = outputIdOf(submission.request, services.settings.modelVersion);
    await submitOrWait(submission, queue, services);
    if (submission.name === undefined) return { ...place, output_id: id };
    return { ...place, output_id: id, submission_id: submissionIdOf(id, submission.name, submission.tags) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...place, error: { code: error.code, message: error.message } };
  }
}
