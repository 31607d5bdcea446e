import type { Context } from "aws-lambda";
import * as z from "zod";
import { InputError, ToolError } from "../../../contract/errors.js";
import { FAMILY_TOO_LARGE, type AlignmentAnswer, type AlignmentTask } from "../../../contract/evidence.js";
import type { SequenceInfos } from "../../../contract/genome.js";
import { s3Uri, type S3Location } from "../../../contract/storage.js";
import type { ObjectStore } from "../../shared/objectStore.js";
import { redactor } from "../../shared/redaction.js";
import type { Telemetry } from "../../shared/telemetry.js";
import { listedFailures } from "../failures.js";
import { parseStored } from "../storedJson.js";
import { fileIn, location } from "../taskFiles.js";
import { ALIGNMENT_FILES, alignSequences, readSequences } from "./alignedFiles.js";
import { ALIGNERS } from "./aligner.js";

/** Time that is kept to read the alignment and write the files, in milliseconds. */
const LAST_MS = 30_000;

const task = z.strictObject({
  task: z.literal("align"),
  sequences: location,
  sequence_info: location.exactOptional(),
  reference: z.string().min(1),
  aligner: z.enum(ALIGNERS).exactOptional(),
  output: location,
}) satisfies z.ZodType<AlignmentTask>;

/** What the function of alignments works with. */
export interface AlignmentServices {
  readonly objects: ObjectStore;
  readonly telemetry: Telemetry;
  /**
   * Whether jobs align what is too large for the function.
   *
   * @default false
   */
  readonly hasJobs?: boolean;
}

/** A family that the function cannot align, and a job can. */
class FamilyTooLarge extends ToolError {
  override readonly name = FAMILY_TOO_LARGE;
}

/** How much time is left, in milliseconds. */
type Remaining = Pick<Context, "getRemainingTimeInMillis">;

export type AlignmentHandler = (event: unknown, context: Context) => Promise<AlignmentAnswer>;

/** Creates the function that aligns sequences. An error is thrown: nothing is left of an alignment that failed. */
export function createAlignmentHandler(services: AlignmentServices): AlignmentHandler {
  const { telemetry, hasJobs = false } = services;
  return async (event, context) => {
    telemetry.begin(context);
    try {
      return await alignTask(event, context, services);
    } catch (error) {
      telemetry.error("Sequences could not be aligned", error, redactor({}));
      const tooLarge = error instanceof InputError && error.details?.["too_large"] === true;
      throw hasJobs && tooLarge ? new FamilyTooLarge(error.code, error.message) : error;
    } finally {
      telemetry.end();
    }
  };
}

/**
 * Does one task.
 *
 * @throws ZodError if the event is no task; InputError or ToolError if the sequences cannot be read or aligned
 */
export async function alignTask(
  event: unknown,
  remaining: Remaining,
  { objects, telemetry }: AlignmentServices,
): Promise<AlignmentAnswer> {
  const { sequences: file, sequence_info: infoFile, reference, aligner = "clustalo", output } = task.parse(event);
  const { sequences, failed } = readSequences(await read(file, objects));
  const infos =
    infoFile === undefined ? {} : (parseStored(await read(infoFile, objects), infoFile.key) as SequenceInfos);
  const timeoutMs = Math.max(1_000, remaining.getRemainingTimeInMillis() - LAST_MS);
  const aligned = await alignSequences(sequences, { aligner, reference, infos, timeoutMs });
  const texts = {
    alignment: aligned.text,
    infos: JSON.stringify(aligned.infos),
    conservation: JSON.stringify(aligned.conservation),
  };
  for (const [kind, text] of Object.entries(texts)) {
    const { bucket, key } = fileIn(output, ALIGNMENT_FILES[kind as keyof typeof texts]);
    await objects.writeText(bucket, key, text);
  }
  const { n_eff, aligner: used } = aligned.conservation;
  telemetry.info("Sequences were aligned", { aligner: used, sequences: sequences.length, failed: failed.length });
  return {
    alignment: fileIn(output, ALIGNMENT_FILES.alignment),
    aligned_sequence_info: fileIn(output, ALIGNMENT_FILES.infos),
    conservation: fileIn(output, ALIGNMENT_FILES.conservation),
    sequences: sequences.length,
    n_eff,
    ...listedFailures(failed),
  };
}

async function read(file: S3Location, objects: ObjectStore): Promise<string> {
  const text = await objects.readText(s3Uri(file));
  if (text === undefined) throw new InputError("ALIGNMENT_FAILED", `There is no file ${s3Uri(file)}.`);
  return text;
}
