import { isAccession } from "../../contract/accession.js";
import type { ResolvedProtein, SourceAnswer } from "../../contract/evidence.js";
import { askSource } from "../../lambda/evidence/sources/askSource.js";
import { resolveProtein } from "../../lambda/evidence/sources/resolveProtein.js";
import { clientOf, ownServices, type AskServices } from "../../lambda/evidence/sources/services.js";
import { SourceError } from "../../lambda/evidence/sources/sourceError.js";
import { SOURCE_TABLE } from "../../lambda/evidence/sources/table.js";
import { uniprot } from "../../lambda/evidence/sources/uniprot.js";
import { UsageError } from "../command.js";

/** Longest time for one source, in milliseconds: a gene with many records takes a minute in ClinVar. */
const SOURCE_MS = 120_000;

export interface CheckOptions {
  /** UniProt accession of the protein that sources are asked about. */
  readonly accession: string;
  readonly json?: boolean;
}

/** The result for one source. */
type Checked = Pick<SourceAnswer, "source" | "status" | "reason" | "note"> & {
  readonly rows: number;
  readonly refused: number;
  readonly seconds: number;
};

/**
 * Asks every source live, one after the other, and prints what it answers.
 *
 * @returns the exit code: 0 only if every source answered, with rows that fit
 * @throws UsageError if the text is not an accession
 */
export async function checkSources(
  { accession, json = false }: CheckOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  if (!isAccession(accession)) {
    throw new UsageError(`option '--accession' argument '${accession}' is invalid. It is not such as P04637.`);
  }
  const services = ownServices(environment);
  const { protein, fault } = await resolved(accession, services);
  if (!json) console.log(fault ?? `${accession} is ${protein?.gene ?? "a protein without a gene name"}.`);
  const results = protein === undefined ? [] : await askAll(protein, services, json);
  const works = results.length > 0 && results.every(({ status, rows }) => status === "ok" && rows > 0);
  if (json) console.log(JSON.stringify({ accession, ...(fault && { fault }), works, sources: results }, undefined, 2));
  return works ? 0 : 1;
}

async function askAll(protein: ResolvedProtein, services: AskServices, json: boolean): Promise<Checked[]> {
  const results: Checked[] = [];
  for (const source of Object.values(SOURCE_TABLE)) {
    const start = Date.now();
    const options = { sharesSequence: false, deadline: start + SOURCE_MS };
    const { rows, refused, ...rest } = await askSource(source, protein, options, services);
    const result = { ...rest, rows: rows.length, refused: refused.length, seconds: (Date.now() - start) / 1_000 };
    results.push(result);
    if (!json) console.log(lineOf(result));
  }
  return results;
}

/** Without UniProt nothing is known about the protein: no source can be asked, and it is said why. */
async function resolved(
  accession: string,
  services: AskServices,
): Promise<{ readonly protein?: ResolvedProtein; readonly fault?: string }> {
  try {
    const options = { keptBack: undefined, deadline: Date.now() + SOURCE_MS };
    return { protein: await resolveProtein(accession, await clientOf(uniprot, services, options)) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const offline = /^there is no connection/.test(error.reason);
    const why = offline ? ": this machine has no network, or UniProt is down. No source was checked" : "";
    return { fault: `UniProt: ${error.reason}${why}.` };
  }
}

function lineOf({ source, status, reason, note, rows, refused, seconds }: Checked): string {
  const counts = `${rows} rows, ${refused} refused`;
  const more = [note, reason].filter((text) => text !== undefined).join("; ");
  return `${source.padEnd(12)}${status.padEnd(12)}${counts}, ${seconds.toFixed(1)} s${more ? ` (${more})` : ""}`;
}
