/**
 * White space beyond ASCII, as JavaScript or Python know it. They differ: U+0085 is white space in Python alone, and U+FEFF,
 * the byte order mark, in JavaScript alone.
 */
const WIDE = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/g;

/**
 * Makes a space of every white space beyond ASCII, so that this contract and the model container read a text alike. No line
 * ends at it. `tests/vectors.json` checks both.
 */
export function plainSpaces(text: string): string {
  return text.replace(WIDE, " ");
}
