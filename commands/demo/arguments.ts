import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { InputError } from "../../contract/errors.js";
import { splitFasta, type FastaText } from "../../contract/fasta.js";
import { cleanSequence, dnaSequence, looksLikeDna } from "../../contract/sequence.js";
import { UsageError } from "../command.js";

/** The N-terminal 65 residues that are scored where no protein is given. */
export const DEMO_SEQUENCE = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG";

/**
 * One protein from the command line.
 *
 * @param argument what the error names, before "is invalid". Default: the option `--sequence`
 * @param allowDnaLetters whether a sequence that looks like DNA is a protein. Default: false
 * @throws UsageError where the tools would refuse it
 */
export function singleProtein(text: string, argument = "option '--sequence'", allowDnaLetters = false): FastaText {
  const problem = problemOf({ text }, allowDnaLetters);
  if (problem !== undefined) throw new UsageError(`${argument} is invalid. ${problem}`);
  return { text };
}

/**
 * Every record of a FASTA file.
 *
 * @param argument what the error names, before "is invalid". Default: the option `--fasta`
 * @param allowDnaLetters whether sequences that look like DNA are proteins. Default: false
 * @throws UsageError where the file cannot be read, or holds no record, or one that the tools would refuse
 */
export function fastaProteins(
  file: string,
  argument = `option '--fasta' argument '${file}'`,
  allowDnaLetters = false,
): FastaText[] {
  const invalid = (problem: string): UsageError => new UsageError(`${argument} is invalid. ${problem}`);
  const records = splitFasta(readText(file, invalid));
  if (records.length === 0) throw invalid("The file is empty; it must hold one or more FASTA records.");
  const refused = records.flatMap((record, index) => {
    const problem = problemOf(record, allowDnaLetters);
    return problem === undefined ? [] : [`Record ${record.name ?? index + 1}: ${problem}`];
  });
  const [first] = refused;
  if (first === undefined) return records;
  throw invalid(refused.length === 1 ? first : `${first} (${refused.length - 1} more records are invalid.)`);
}

/**
 * Makes the folder of `--out`.
 *
 * @throws UsageError where it cannot be made or written to
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `option '--out' argument '${folder}' is invalid. The folder cannot be written to (${reason(error)}).`,
    );
  }
}

function readText(file: string, invalid: (problem: string) => UsageError): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw invalid(`The file cannot be read (${reason(error)}).`);
  }
}

/** Why the tools would refuse a protein; undefined where they would not. */
function problemOf({ text }: FastaText, allowDnaLetters: boolean): string | undefined {
  try {
    const { sequence } = cleanSequence(text);
    return looksLikeDna(sequence) && !allowDnaLetters ? dnaSequence(sequence).message : undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
