/** Stands in the log where residues stood. */
export const HIDDEN = "[residues]";

/** As many letters in a row of a protein are taken to tell which one it is. */
const TELLING = 6;

/** Longer texts than this may be proteins, whatever argument they came in. */
const LONG_TEXT = 20;

/** A stretch that looks like a protein, wherever it came from. */
const LOOKS_LIKE_PROTEIN = /[ACDEFGHIKLMNPQRSTVWY]{20,}/;

/** Removes residues from a text. */
export type Redact = (text: string) => string;

/**
 * Makes a function that removes every stretch of a call's sequence from texts that go to the log, such as messages of
 * parsers, which quote what they could not read.
 *
 * @param input the call's arguments as they came
 */
export function redactor(input: Readonly<Record<string, unknown>>): Redact {
  const secrets = Object.entries(input).flatMap(([key, value]) =>
    typeof value === "string" && (key === "sequence" || value.length > LONG_TEXT) ? [letters(value)] : [],
  );
  return (text) => text.replace(/[A-Za-z]+/g, (run) => (tells(run, secrets) ? HIDDEN : run));
}

function letters(text: string): string {
  return text.replace(/[^A-Za-z]/g, "").toUpperCase();
}

function tells(run: string, secrets: readonly string[]): boolean {
  if (LOOKS_LIKE_PROTEIN.test(run)) return true;
  const upper = run.toUpperCase();
  if (secrets.includes(upper)) return true;
  for (let start = 0; start + TELLING <= upper.length; start++) {
    const stretch = upper.slice(start, start + TELLING);
    if (secrets.some((secret) => secret.includes(stretch))) return true;
  }
  return false;
}
