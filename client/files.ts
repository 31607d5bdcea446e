import path from "node:path";

/** Most bytes of a file name before its number and ending; file systems allow 255. */
const LONGEST = 200;

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
    const base = shortened(name.replaceAll(UNSAFE, "_").replace(/^[._]+/, "")) || "protein";
    let candidate = base;
    // File systems of Windows and macOS do not tell cases apart.
    for (let number = 2; taken.has(candidate.toLowerCase()); number++) candidate = `${base}-${number}`;
    taken.add(candidate.toLowerCase());
    return path.join(folder, `${candidate}.json`);
  });
}

/** The first bytes of a name, without half a letter at the end. */
function shortened(name: string): string {
  return Buffer.from(name)
    .subarray(0, LONGEST)
    .toString()
    .replace(/\ufffd$/, "");
}
