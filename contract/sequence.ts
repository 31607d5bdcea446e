import { isAccession } from "./accession.js";
import { AMINO_ACIDS } from "./aminoAcids.js";
import { InputError, LISTED, listed } from "./errors.js";
import { MAX_SEQUENCE_LENGTH } from "./limits.js";
import { plainSpaces } from "./whitespace.js";

/** One protein, cleaned. */
export interface Protein {
  /** Residues in upper case, only the 20 standard amino acids. */
  readonly sequence: string;
  /** First word of the FASTA header; absent if there is no header. */
  readonly name?: string;
  /** What was changed, for the caller; absent if nothing but white space, case and header was. */
  readonly notes?: readonly string[];
}

// eslint-disable-next-line no-control-regex -- control characters show that the data is binary, not text
const BINARY = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/;

const REASONS: Readonly<Record<string, string>> = {
  B: "B is Asp or Asn",
  J: "J is Leu or Ile",
  O: "O is pyrrolysine",
  U: "U is selenocysteine",
  X: "X is an unknown residue",
  Z: "Z is Glu or Gln",
  "*": "* is a stop codon",
  "-": "- is an alignment gap",
  ">": "> begins a FASTA header, which needs a line of its own",
  "\\": "a literal \\n is no line break: send a real one, or none",
};

/** A nucleotide sequence, as far as its letters tell; no natural protein of this length has only these residues. */
const DNA = /^[ACGTN]{30,}$/;

const DROPPED_STOP = "The '*' at the end (a stop codon) was dropped.";

/**
 * Cleans one protein: plain or FASTA, with or without line breaks, in upper or lower case, without the `*` at its end. The
 * model container has the same rules; `tests/vectors.json` checks both.
 *
 * @param text the sequence as the caller sent it
 * @returns the residues in upper case, and the name of the FASTA record
 * @throws InputError `NOT_TEXT`, `MULTIPLE_SEQUENCES`, `EMPTY_SEQUENCE`, `INVALID_RESIDUE` (with the characters and
 *   their 1-based positions) or `SEQUENCE_TOO_LONG`
 */
export function cleanSequence(text: string): Protein {
  if (BINARY.test(text)) {
    throw new InputError("NOT_TEXT", "The sequence is binary data; send it as plain text or FASTA.");
  }
  const lines = plainSpaces(text)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim());
  const content = lines.filter((line) => line !== "");
  const headers = content.filter((line) => line.startsWith(">"));
  if (headers.length > 1 || (headers.length === 1 && content[0] !== headers[0])) {
    throw new InputError(
      "MULTIPLE_SEQUENCES",
      `The text has ${headers.length > 1 ? `${headers.length} FASTA records` : "residues before a FASTA header"}; ` +
        "send one protein per call.",
    );
  }
  const residues = content
    .filter((line) => !line.startsWith(">"))
    .join("")
    .replace(/\s+/g, "")
    // Only ASCII: toUpperCase() would make residues of other letters, such as SS of an eszett.
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const [header] = headers;
  if (residues === "" && header !== undefined) throw headerAlone(header);
  const sequence = residues.endsWith("*") ? residues.slice(0, -1) : residues;
  checkResidues(sequence);
  const name = header?.slice(1).trim().split(/\s+/)[0];
  return {
    sequence,
    ...(name && { name }),
    ...(sequence !== residues && { notes: [DROPPED_STOP] }),
  };
}

/** Whether a clean sequence has 30 or more letters and only those of DNA: A, C, G, T and N. */
export function looksLikeDna(sequence: string): boolean {
  return DNA.test(sequence);
}

/**
 * The error for DNA where a protein is expected. Only the tools refuse it: a job that was allowed has no mark of that, as it
 * is the same job, so the container scores it.
 */
export function dnaSequence(sequence: string): InputError {
  return new InputError(
    "DNA_SEQUENCE",
    `The sequence has ${sequence.length} letters, only A, C, G, T or N: that is DNA, not a protein. Translate it first; ` +
      "if it is a protein, set allow_dna_letters to true.",
  );
}

function headerAlone(header: string): InputError {
  return new InputError(
    "EMPTY_SEQUENCE",
    /\\[nr]/.test(header)
      ? "The FASTA header has a literal \\n (a backslash and a letter) where a line break belongs; send real line breaks, or the residues alone."
      : "The sequence is empty: the text is one FASTA header. If its line breaks were lost, send the residues on a line of their own, or alone.",
  );
}

function checkResidues(sequence: string): void {
  if (sequence === "") {
    throw new InputError(
      "EMPTY_SEQUENCE",
      `The sequence is empty; send 1 to ${MAX_SEQUENCE_LENGTH} residues of the 20 standard amino acids.`,
    );
  }
  if (sequence.length > MAX_SEQUENCE_LENGTH) throw sequenceTooLong(sequence.length);
  const offending = Array.from(sequence)
    .map((character, index) => ({ character, position: index + 1 }))
    .filter(({ character }) => !AMINO_ACIDS.includes(character));
  if (offending.length > 0) throw isAccession(sequence) ? accessionGiven(sequence) : invalidResidues(offending);
}

/** The error for a sequence of more than {@link MAX_SEQUENCE_LENGTH} residues. */
export function sequenceTooLong(length: number): InputError {
  return new InputError(
    "SEQUENCE_TOO_LONG",
    `The sequence has ${length} residues, the maximum is ${MAX_SEQUENCE_LENGTH}; send a domain or a fragment.`,
    { details: { sequence_length: length, limit: MAX_SEQUENCE_LENGTH } },
  );
}

function accessionGiven(accession: string): InputError {
  return new InputError(
    "INVALID_RESIDUE",
    `${accession} is a UniProt accession, not a sequence; send the residues, which are at ` +
      `https://rest.uniprot.org/uniprotkb/${accession}.fasta.`,
    { details: { accession } },
  );
}

function invalidResidues(offending: readonly { character: string; position: number }[]): InputError {
  const found = offending.map(({ character, position }) => `'${character}' at position ${position}`);
  const kinds = [...new Set(offending.map(({ character }) => character))];
  const reasons = kinds.flatMap((kind) => REASONS[kind] ?? []);
  if (kinds.some((kind) => /\d/.test(kind))) reasons.push("remove line numbers");
  const because = reasons.length > 0 ? ` (${reasons.join("; ")})` : "";
  return new InputError(
    "INVALID_RESIDUE",
    `The sequence has ${listed(found, ", ")}${because}; only the 20 standard amino acids (${AMINO_ACIDS}) are scored.`,
    {
      details: {
        characters: kinds.slice(0, LISTED),
        positions: offending.slice(0, LISTED).map(({ position }) => position),
      },
    },
  );
}
