import type { Context } from "aws-lambda";
import * as z from "zod";
import { InputError } from "../../../contract/errors.js";
import type { RetrievalAnswer, RetrievalTask } from "../../../contract/evidence.js";
import { s3Uri } from "../../../contract/storage.js";
import { redactor } from "../../shared/redaction.js";
import type { ObjectStore } from "../../shared/objectStore.js";
import type { Telemetry } from "../../shared/telemetry.js";
import { listedFailures } from "../failures.js";
import type { Genomes } from "../genome/genome.js";
import { fileIn, location } from "../taskFiles.js";
import { fastaOf, retrieveToFiles } from "./retrievedFiles.js";

/** Names of the files of all entries together. */
const FILES = { sequences: "sequences.fa", infos: "seqinfo.json", variants: "variants.json" } as const;

/** Time that is kept for the last files, in milliseconds. */
const LAST_MS = 60_000;

const task = z.strictObject({
  task: z.literal("retrieve"),
  regions: location,
  output: location,
}) satisfies z.ZodType<RetrievalTask>;

/** What the function of retrieval works with. */
export interface RetrievalServices {
  readonly genomes: Genomes;
  readonly objects: ObjectStore;
  readonly telemetry: Telemetry;
}

export type RetrievalHandler = (event: unknown, context: Context) => Promise<RetrievalAnswer>;

/**
 * Creates the function that makes sequences of genome regions. What is wrong with an entry is in its answer; an error is thrown
 * only where the whole file cannot be used, or AWS fails.
 */
export function createRetrievalHandler({ genomes, objects, telemetry }: RetrievalServices): RetrievalHandler {
  return async (event, context) => {
    telemetry.begin(context);
    try {
      const { regions, output } = task.parse(event);
      const put = async (name: string, text: string): Promise<void> => {
        const { bucket, key } = fileIn(output, name);
        await objects.writeText(bucket, key, text);
      };
      const hasTime = (): boolean => context.getRemainingTimeInMillis() > LAST_MS;
      const made = await retrieveToFiles(await readJson(regions, objects), { genomes, hasTime }, put);
      await put(FILES.sequences, fastaOf(made.sequences));
      await put(FILES.infos, JSON.stringify(made.infos));
      await put(FILES.variants, JSON.stringify(made.variants));
      telemetry.info("Sequences were retrieved", { sequences: made.sequences.length, failed: made.failed.length });
      return {
        sequences: fileIn(output, FILES.sequences),
        sequence_info: fileIn(output, FILES.infos),
        variants: fileIn(output, FILES.variants),
        count: made.sequences.length,
        ...listedFailures(made.failed),
      };
    } catch (error) {
      telemetry.error("Sequences could not be retrieved", error, redactor({}));
      throw error;
    } finally {
      telemetry.end();
    }
  };
}

async function readJson(file: RetrievalTask["regions"], objects: ObjectStore): Promise<unknown> {
  const text = await objects.readText(s3Uri(file));
  if (text === undefined) throw new InputError("INVALID_REGION", `There is no file of regions at ${s3Uri(file)}.`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not the parser's message: it quotes the text, which can have bases.
    throw new InputError("INVALID_REGION", "The file of regions is not JSON.");
  }
}
