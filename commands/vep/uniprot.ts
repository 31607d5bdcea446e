import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../command.js";

const ADDRESS = "https://rest.uniprot.org/uniprotkb";
const TIMEOUT_MS = 20_000;

/** How UniProt is asked. */
export interface UniprotOptions {
  /** Folder of records that were fetched before. Default: `.cache/uniprot`. */
  readonly folder?: string;
  /** Default: {@link ADDRESS}. */
  readonly address?: string;
}

/**
 * The FASTA record of a UniProt accession: from an earlier call, or from UniProt.
 *
 * @throws UsageError where UniProt has no such entry, or cannot be reached
 * @see https://www.uniprot.org/help/api_retrieve_entries
 */
export async function uniprotRecord(
  accession: string,
  { folder = path.join(".cache", "uniprot"), address = ADDRESS }: UniprotOptions = {},
): Promise<string> {
  const file = path.join(folder, `${accession}.fasta`);
  const kept = keptRecord(file);
  if (kept !== undefined) return kept;
  const text = await fetched(accession, address);
  keep(text, folder, file);
  return text;
}

function keptRecord(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return isRecord(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a record, as a whole: half a sequence would be scored as another protein. */
function keep(text: string, folder: string, file: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const half = `${file}.${process.pid}`;
    writeFileSync(half, text);
    renameSync(half, file);
  } catch {
    // A folder that cannot be written to: the record is fetched again next time.
  }
}

function isRecord(text: string): boolean {
  return text.startsWith(">");
}

async function fetched(accession: string, address: string): Promise<string> {
  const instead = "Give the sequence or a FASTA file instead.";
  const { status, text } = await answerOf(`${address}/${accession}.fasta`).catch((error: unknown) => {
    const reason = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : "";
    throw new UsageError(`UniProt could not be reached for ${accession} (${reason}). ${instead}`);
  });
  if (status === 404 || status === 400) throw new UsageError(`UniProt has no entry ${accession}. ${instead}`);
  if (status !== 200) throw new UsageError(`UniProt answered ${status} for ${accession}. ${instead}`);
  if (!isRecord(text)) {
    throw new UsageError(`UniProt has no sequence for ${accession}: the entry was deleted or merged. ${instead}`);
  }
  return text;
}

async function answerOf(address: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return { status: response.status, text: await response.text() };
}
