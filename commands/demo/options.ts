import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { splitFasta, type FastaRecord } from "../../contract/fasta.js";
import { SCORINGS, type Scoring } from "../../contract/jobs.js";

/** The N-terminal 65 residues shown where no protein is given. */
export const DEMO_SEQUENCE = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG";

export interface DemoOptions {
  readonly proteins: readonly FastaRecord[];
  /** A folder or a hub id; undefined: AMPLIFY_120M, or a synthetic checkpoint where the hub is out of reach. */
  readonly model: string | undefined;
  readonly scoring: Scoring;
  readonly out: string;
}

/** The command line cannot be understood, or names a file that cannot be read. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `Usage: npm run demo [-- options]
  --sequence S   one protein (default: 65 residues of a transcription regulator)
  --fasta F      a FASTA file, every record is scored
  --model ID     a folder, or a model of the hub: chandar-lab/AMPLIFY_120M (default), chandar-lab/AMPLIFY_350M
  --scoring M    ${SCORINGS.join(" | ")} (default: the first)
  --out DIR      where <output_id>.json is written (default: out)`;

/**
 * Reads the demo's command line.
 *
 * @throws UsageError naming the option, its value, and what is allowed
 */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const { sequence, fasta, model, scoring, out } = readArguments(args);
  if (sequence !== undefined && fasta !== undefined) throw new UsageError("Give --sequence or --fasta, not both.");
  const known = SCORINGS.find((name) => name === scoring);
  if (!known) throw new UsageError(`--scoring ${scoring} is not known: use ${SCORINGS.join(" or ")}.`);
  const proteins = fasta === undefined ? [{ text: sequence ?? DEMO_SEQUENCE }] : readFasta(fasta);
  return { proteins, model, scoring: known, out };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        sequence: { type: "string" },
        fasta: { type: "string" },
        model: { type: "string" },
        scoring: { type: "string", default: SCORINGS[0] },
        out: { type: "string", default: "out" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function readFasta(file: string): FastaRecord[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--fasta ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`);
  }
  const records = splitFasta(text);
  if (records.length === 0) throw new UsageError(`--fasta ${file} is empty: it needs one or more FASTA records.`);
  return records;
}
