import type { Context } from "aws-lambda";
import * as z from "zod";
import { isAccession } from "../../../contract/accession.js";
import { InputError, quoted, ToolError } from "../../../contract/errors.js";
import type {
  ResolveAnswer,
  ResolvedProtein,
  ResolveTask,
  SourceSummary,
  SourceTask,
} from "../../../contract/evidence.js";
import { s3Uri, type S3Location } from "../../../contract/storage.js";
import type { ObjectStore } from "../../shared/objectStore.js";
import { redactor } from "../../shared/redaction.js";
import type { Telemetry } from "../../shared/telemetry.js";
import { parseStored } from "../storedJson.js";
import { askSource } from "./askSource.js";
import { ENSEMBL_GENE } from "./forms.js";
import { RESOLVE_SCHEMA_VERSION, resolveProtein } from "./resolveProtein.js";
import { clientOf, type AskServices } from "./services.js";
import { SourceError } from "./sourceError.js";
import { sourceNamed } from "./table.js";
import { uniprot } from "./uniprot.js";

/** Time that is left at the end of a call to check rows and write the answer, in milliseconds. */
const LEFT_MS = 15_000;

const location = z.object({ bucket: z.string().min(1), key: z.string().min(1) });

const task = z.discriminatedUnion("task", [
  z.strictObject({
    task: z.literal("resolve"),
    accession: z.string(),
    name: z.string().exactOptional(),
    sequence: location.exactOptional(),
    output: location,
  }),
  z.strictObject({
    task: z.literal("source"),
    source: z.string(),
    protein: location,
    share_sequence: z.boolean(),
    output: location,
  }),
]) satisfies z.ZodType<ResolveTask | SourceTask>;

const residues = z.string().regex(/^[A-Z]+$/, { error: "not a sequence" });

const resolved = z.object({
  name: z.string().exactOptional(),
  accession: z.string().refine(isAccession, { error: "not an accession" }).exactOptional(),
  gene: z.string().exactOptional(),
  taxon: z.string().regex(/^\d+$/).exactOptional(),
  ensembl_gene: z.string().regex(ENSEMBL_GENE).exactOptional(),
  sequence: residues,
  version: z.string().exactOptional(),
}) satisfies z.ZodType<ResolvedProtein>;

/** What the function needs. */
export interface SourcesServices {
  readonly ask: AskServices;
  readonly objects: ObjectStore;
  readonly telemetry: Telemetry;
}

export type SourcesHandler = (event: unknown, context: Context) => Promise<ResolveAnswer | SourceSummary>;

/**
 * Creates the function of sources. What a source does is in the answer; an error is thrown for a fault of the caller or of
 * AWS only.
 */
export function createSourcesHandler(services: SourcesServices): SourcesHandler {
  const { telemetry } = services;
  return async (event, context) => {
    telemetry.begin(context);
    const deadline = services.ask.now() + context.getRemainingTimeInMillis() - LEFT_MS;
    try {
      const given = task.parse(event);
      return await (given.task === "resolve" ? resolve(given, deadline, services) : ask(given, deadline, services));
    } catch (error) {
      telemetry.error("A source could not be asked", error, redactor({}));
      throw error;
    } finally {
      telemetry.end();
    }
  };
}

async function resolve(given: ResolveTask, deadline: number, services: SourcesServices): Promise<ResolveAnswer> {
  const { objects, telemetry } = services;
  if (!isAccession(given.accession)) {
    throw new InputError("INVALID_INPUT", `${quoted(given.accession)} is not a UniProt accession such as P05067.`);
  }
  try {
    const found = await resolvedOf(given.accession, deadline, services.ask);
    const own = given.sequence && residues.parse((await readText(given.sequence, objects)).trim());
    const protein = { ...found, ...(given.name !== undefined && { name: given.name }), ...(own && { sequence: own }) };
    await write(given.output, protein, objects);
    telemetry.info("An accession was resolved", { accession: given.accession, length: protein.sequence.length });
    const { sequence, ...facts } = protein;
    return { status: "ok", protein: { ...facts, sequence_length: sequence.length } };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { status, reason, replacedBy: replaced } = error;
    telemetry.info("An accession was not resolved", { accession: given.accession, status, reason });
    return { status, reason, ...(replaced.length > 0 && { replaced_by: replaced }) };
  }
}

async function resolvedOf(accession: string, deadline: number, services: AskServices): Promise<ResolvedProtein> {
  const key = { source: "resolve", schemaVersion: RESOLVE_SCHEMA_VERSION, key: accession };
  const { content } = await services.cache.through(key, uniprot.ttlSeconds, deadline, async () => {
    const protein = await resolveProtein(
      accession,
      await clientOf(uniprot, services, { keptBack: undefined, deadline }),
    );
    return { protein };
  });
  return content.protein;
}

async function ask(given: SourceTask, deadline: number, services: SourcesServices): Promise<SourceSummary> {
  const { objects, telemetry } = services;
  const source = sourceNamed(given.source);
  if (source === undefined) throw new InputError("INVALID_INPUT", `There is no source ${quoted(given.source)}.`);
  const protein = resolved.parse(parseStored(await readText(given.protein, objects), given.protein.key));
  const options = { sharesSequence: given.share_sequence, deadline };
  const answer = await askSource(source, protein, options, services.ask);
  await write(given.output, answer, objects);
  const { status, reason, note, rows, refused } = answer;
  telemetry.info("A source was asked", {
    source: source.name,
    status,
    reason,
    rows: rows.length,
    refused: refused.length,
  });
  return {
    source: source.name,
    status,
    ...(reason !== undefined && { reason }),
    ...(note !== undefined && { note }),
    rows: rows.length,
    refused: refused.length,
    output: given.output,
  };
}

async function readText(at: S3Location, objects: ObjectStore): Promise<string> {
  const text = await objects.readText(s3Uri(at));
  if (text === undefined) throw new ToolError("INTERNAL_ERROR", `There is no object ${quoted(at.key)} in the bucket.`);
  return text;
}

async function write(to: S3Location, content: object, objects: ObjectStore): Promise<void> {
  await objects.writeJson(to.bucket, to.key, JSON.stringify(content));
}
