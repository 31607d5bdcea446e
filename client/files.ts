import path from "node:path";

/** Most characters of a file name before its ending; file systems allow 255 bytes. */
const LONGEST = 100;

/** What file systems, shells and links take as it is. */
const UNSAFE = /[^\p{L}\p{N}._-]+/gu;

/**
 * Names of files for proteins, in order: the protein's name without what file systems refuse, and a number where two
 * proteins would have the same one.
 *
 * @param folder the folder of the files
 */
export function resultFiles(names: readonly string[], folder: string): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base =
      name
        .replaceAll(UNSAFE, "_")
        .replace(/^[._]+/, "")
        .slice(0, LONGEST) || "protein";
    let candidate = base;
    // File systems of Windows and macOS do not tell cases apart.
    for (let number = 2; taken.has(candidate.toLowerCase()); number++) candidate = `${base}-${number}`;
    taken.add(candidate.toLowerCase());
    return path.join(folder, `${candidate}.json`);
  });
}
