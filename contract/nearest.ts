/** Names this many edits apart are another name, not a typing error. */
const MOST_EDITS = 3;

/**
 * The known name that a mistyped one most likely means, compared without regard to case, hyphens and underscores.
 *
 * @param name as it was written
 * @param known the names that exist
 * @returns undefined where none is near
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

/** Insertions, deletions and substitutions between two texts (Levenshtein 1966). */
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
