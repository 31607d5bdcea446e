import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { isAccession } from "../../contract/accession.js";
import type { FastaText } from "../../contract/fasta.js";
import { MAX_NAME_LENGTH } from "../../contract/limits.js";
import { cleanSequence } from "../../contract/sequence.js";
import { firstCharacters } from "../../lambda/shared/submissionInput.js";
import { UsageError } from "../command.js";
import { fastaProteins, singleProtein } from "../demo/arguments.js";
import { uniprotRecord } from "./uniprot.js";

/**
 * The proteins that arguments name: each a file of FASTA records, a UniProt accession, or a sequence.
 *
 * @param allowDnaLetters whether sequences that look like DNA are proteins. Default: false
 * @throws UsageError where one of them is none of these, or the tools would refuse it
 */
export async function proteinsOf(texts: readonly string[], allowDnaLetters = false): Promise<FastaText[]> {
  const proteins: FastaText[] = [];
  for (const text of texts) {
    const accession = text.trim().toUpperCase();
    if (existsSync(text)) proteins.push(...fastaProteins(text, `file '${text}'`, allowDnaLetters));
    else if (isAccession(accession)) proteins.push({ name: accession, text: await uniprotRecord(accession) });
    else if (FILE_NAME.test(text)) throw new UsageError(`there is no file '${text}'.`);
    else proteins.push(singleProtein(text, "the sequence", allowDnaLetters));
  }
  return proteins;
}

/** What a protein is called, as far as the tools take it: one without a name by a hash, so that another one does not replace its result. */
export function nameOf({ name, text }: FastaText): string {
  if (name !== undefined) return firstCharacters(name, MAX_NAME_LENGTH);
  return `protein-${createHash("sha256").update(cleanSequence(text).sequence).digest("hex").slice(0, 8)}`;
}

/** What can only be a file: no sequence has a dot or a slash, except in a FASTA header. Line breaks, real or literal, are none of a file. */
const FILE_NAME = /^(?!\s*>)(?!.*\\[nr])[^\n\r]*[./\\]/;
