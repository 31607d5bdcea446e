import { AMINO_ACIDS } from "./aminoAcids.js";
import { InputError } from "./errors.js";
import { MAX_SEQUENCE_LENGTH } from "./limits.js";

/** One protein as the caller gave it, cleaned. */
export interface Protein {
  /** Residues in upper case, only the 20 standard amino acids. */
  readonly sequence: string;
  /** First word of the FASTA header, where there was one. */
  readonly name?: string;
}

/** How many offending characters an error lists before it says "and N more". */
const LISTED_CHARACTERS = 5;

// eslint-disable-next-line no-control-regex -- control characters are what tells binary data from text
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
};

/**
 * Cleans one protein: plain or FASTA, wrapped or not, upper or lower case.
 *
 * @param text the sequence as given
 * @returns the residues in upper case and the FASTA record's name
 * @throws InputError `NOT_TEXT`, `MULTIPLE_SEQUENCES`, `EMPTY_SEQUENCE`, `INVALID_RESIDUE` (naming characters and
 *   1-based positions) or `SEQUENCE_TOO_LONG`
 */
export function cleanSequence(text: string): Protein {
  if (BINARY.test(text)) {
    throw new InputError("NOT_TEXT", "The sequence is binary data; send it as plain text or FASTA.");
  }
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const content = lines.filter((line) => line !== "");
  const headers = content.filter((line) => line.startsWith(">"));
  if (headers.length > 1 || (headers.length === 1 && content[0] !== headers[0])) {
    throw new InputError(
      "MULTIPLE_SEQUENCES",
      `The text holds ${headers.length > 1 ? `${headers.length} FASTA records` : "residues before a FASTA header"}; ` +
        "send one protein a call.",
    );
  }
  const sequence = content
    .filter((line) => !line.startsWith(">"))
    .join("")
    .replace(/\s+/g, "")
    // Only ASCII: toUpperCase() would make residues of other letters, such as SS of an eszett.
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
  checkResidues(sequence);
  const name = headers[0]?.slice(1).trim().split(/\s+/)[0];
  return name ? { sequence, name } : { sequence };
}

function checkResidues(sequence: string): void {
  if (sequence === "") {
    throw new InputError(
      "EMPTY_SEQUENCE",
      `The sequence is empty; send 1 to ${MAX_SEQUENCE_LENGTH} residues of the 20 standard amino acids.`,
    );
  }
  if (sequence.length > MAX_SEQUENCE_LENGTH) {
    throw new InputError(
      "SEQUENCE_TOO_LONG",
      `The sequence has ${sequence.length} residues, at most ${MAX_SEQUENCE_LENGTH} are taken; send a domain or a part.`,
      { details: { sequence_length: sequence.length, limit: MAX_SEQUENCE_LENGTH } },
    );
  }
  const offending = Array.from(sequence)
    .map((character, index) => ({ character, position: index + 1 }))
    .filter(({ character }) => !AMINO_ACIDS.includes(character));
  if (offending.length > 0) throw invalidResidues(offending);
}

function invalidResidues(offending: readonly { character: string; position: number }[]): InputError {
  const listed = offending
    .slice(0, LISTED_CHARACTERS)
    .map(({ character, position }) => `'${character}' at position ${position}`)
    .join(", ");
  const rest = offending.length - LISTED_CHARACTERS;
  const kinds = [...new Set(offending.map(({ character }) => character))];
  const reasons = kinds.flatMap((character) => REASONS[character] ?? []);
  if (kinds.some((character) => /\d/.test(character))) reasons.push("digits are line numbers: remove them");
  return new InputError(
    "INVALID_RESIDUE",
    `The sequence holds ${listed}${rest > 0 ? ` and ${rest} more` : ""}` +
      `${reasons.length > 0 ? ` (${reasons.join("; ")})` : ""}; only the 20 standard amino acids (${AMINO_ACIDS}) are scored.`,
    {
      details: { characters: kinds, positions: offending.slice(0, LISTED_CHARACTERS).map(({ position }) => position) },
    },
  );
}
