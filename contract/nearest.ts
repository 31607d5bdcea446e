/** Most edits of a typing error; a name with more edits is a different name. */
const MOST_EDITS = 3;

/**
 * The known name that is most similar to a mistyped one; case, hyphens and underscores are ignored.
 *
 * @param name the mistyped name
 * @param known the names that exist
 * @returns undefined if no known name is similar
 */
export function nearest<Name extends string>(name: string, known: readonly Name[]): Name | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, edits: editDistance(plain(name.slice(0, 64)), plain(candidate)) }))
    .filter(({ candidate, edits }) => edits <= Math.min(MOST_EDITS, plain(candidate).length / 2))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, "");
}

/** Number of insertions, deletions and substitutions between two texts (Levenshtein 1966). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const substituted = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(substituted, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
