import type { EvidenceRow, ResolvedProtein, SourceAnswer } from "../../../contract/evidence.js";
import { checkResidues } from "./residueCheck.js";
import { clientOf, type AskServices } from "./services.js";
import { type Found, type Source, type SourceRow } from "./source.js";
import { SourceError } from "./sourceError.js";

/** Shorter sequences than this are no secret, and would be found in any text. */
const SHORTEST_KEPT_BACK = 10;

/** How a source is asked. */
export interface AskOptions {
  /** Whether the caller allows that the sequence itself is sent. */
  readonly sharesSequence: boolean;
  /** Time in milliseconds since 1970 at which waiting ends. */
  readonly deadline: number;
}

/**
 * Asks a source about a protein. What becomes of it is data: a source that does not answer, has no such entry, or answers
 * in another form gives no rows and a reason.
 */
export async function askSource(
  source: Source,
  protein: ResolvedProtein,
  { sharesSequence, deadline }: AskOptions,
  services: AskServices,
): Promise<SourceAnswer> {
  const askable = source.askable(protein, sharesSequence);
  if ("reason" in askable) return without(source, "not asked", askable.reason);
  const keptBack = sharesSequence || protein.sequence.length < SHORTEST_KEPT_BACK ? undefined : protein.sequence;
  try {
    const key = { source: source.name, schemaVersion: source.schemaVersion, key: askable.key };
    const { content, retrievedAt } = await services.cache.through(key, source.ttlSeconds, deadline, async () =>
      source.load(protein, await clientOf(source, services, { keptBack, deadline })),
    );
    return answerOf(source, content, protein, retrievedAt);
  } catch (error) {
    if (error instanceof SourceError) return without(source, error.status, error.reason);
    throw error;
  }
}

function answerOf(source: Source, found: Found, { sequence }: ResolvedProtein, retrievedAt: string): SourceAnswer {
  const checked = checkResidues(found, sequence, (row) => complete(row, source, found.version, retrievedAt));
  return { source: source.name, status: "ok", ...(found.note && { note: found.note }), ...checked };
}

/** Adds where a row is from. */
function complete(row: SourceRow, source: Source, version: string, retrievedAt: string): EvidenceRow {
  const { start, end = start, variant, kind, value, url } = row;
  return {
    ...(start !== undefined && end !== undefined && { start, end }),
    ...(variant !== undefined && { variant }),
    kind,
    value,
    source: source.name,
    source_version: row.version ?? version,
    retrieved_at: retrievedAt,
    url,
    licence: source.licence,
  };
}

function without(source: Source, status: SourceAnswer["status"], reason: string): SourceAnswer {
  return { source: source.name, status, reason, rows: [], refused: [] };
}
