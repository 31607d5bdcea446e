import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  try {
    return readFileSync(file, "utf8");
  } catch {
    const text = await fetched(accession, address);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
    return text;
  }
}

async function fetched(accession: string, address: string): Promise<string> {
  const instead = "Give the sequence or a FASTA file instead.";
  const response = await fetch(`${address}/${accession}.fasta`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : "";
      throw new UsageError(`UniProt could not be reached for ${accession} (${reason}). ${instead}`);
    },
  );
  const text = await response.text();
  if (response.status === 404 || response.status === 400) {
    throw new UsageError(`UniProt has no entry ${accession}. ${instead}`);
  }
  if (!response.ok) throw new UsageError(`UniProt answered ${response.status} for ${accession}. ${instead}`);
  if (!text.startsWith(">")) {
    throw new UsageError(`UniProt has no sequence for ${accession}: the entry was deleted or merged. ${instead}`);
  }
  return text;
}
