/** The text that replaces residues in the log. */
export const HIDDEN = "[residues]";

/** This many consecutive residues can identify a protein. */
const IDENTIFYING = 6;

/** Longer texts than this can be proteins, in any argument. */
const LONG_TEXT = 20;

/** Letters that look like a protein, even if the call has no such protein. */
const LOOKS_LIKE_PROTEIN = /[ACDEFGHIKLMNPQRSTVWY]{20,}/;

/** Replaces residues in a text by {@link HIDDEN}. */
export type Redact = (text: string) => string;

/**
 * Creates a function that hides every part of a call's sequence in texts for the log. Parsers, for example, quote the
 * text that they cannot read.
 *
 * @param input the call's arguments as the caller sent them
 */
export function redactor(input: Readonly<Record<string, unknown>>): Redact {
  const secrets = Object.entries(input).flatMap(([key, value]) =>
    typeof value === "string" && (key === "sequence" || value.length > LONG_TEXT) ? [letters(value)] : [],
  );
  return (text) => text.replace(/[A-Za-z]+/g, (run) => (identifies(run, secrets) ? HIDDEN : run));
}

function letters(text: string): string {
  return text.replace(/[^A-Za-z]/g, "").toUpperCase();
}

function identifies(run: string, secrets: readonly string[]): boolean {
  if (LOOKS_LIKE_PROTEIN.test(run)) return true;
  const upper = run.toUpperCase();
  if (secrets.includes(upper)) return true;
  for (let start = 0; start + IDENTIFYING <= upper.length; start++) {
    const stretch = upper.slice(start, start + IDENTIFYING);
    if (secrets.some((secret) => secret.includes(stretch))) return true;
  }
  return false;
}
