import { existsSync } from "node:fs";
import { isAccession } from "../../contract/accession.js";
import type { FastaText } from "../../contract/fasta.js";
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
    if (existsSync(text)) proteins.push(...fastaProteins(text, `file '${text}'`, allowDnaLetters));
    else if (isAccession(text)) proteins.push({ name: text, text: await uniprotRecord(text) });
    else if (FILE_NAME.test(text)) throw new UsageError(`there is no file '${text}'.`);
    else proteins.push(singleProtein(text, "the sequence", allowDnaLetters));
  }
  return proteins;
}

/** What can only be a file: no sequence has a dot or a slash. */
const FILE_NAME = /[./\\]/;
