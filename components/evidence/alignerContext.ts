import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundledFiles } from "../shared/bundledFiles.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The Dockerfile, the locked dependencies and what starts the bundle, from the root of the project. */
const COPIED = [
  "Dockerfile",
  "container/package.json",
  "container/package-lock.json",
  "container/batch.mjs",
  "container/entry.sh",
].map((file) => `lambda/evidence/${file}`);

const ENTRY = "lambda/evidence/alignment/index.ts";

/** Where build contexts are written, from the root of the project. */
const CONTEXTS = ".cache/aligner-image";

/** A build context, and the tag of what is built of it. */
export interface BuildContext {
  /** From the root of the project: the state holds it, and another machine must see no change. */
  readonly location: string;
  /** Hash of its files: the repository takes each tag once. */
  readonly tag: string;
}

/** Writes the build context of the aligner's image: Dockerfile, locked dependencies, and the bundle of the function. */
export async function writeContext(): Promise<BuildContext> {
  const copied = COPIED.map(
    async (file) => [path.basename(file), await readFile(path.join(ROOT, file), "utf8")] as const,
  );
  const files = new Map([...(await Promise.all(copied)), ...(await bundledFiles(ENTRY))]);
  const hash = createHash("sha256");
  for (const [file, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${file}\0${text}\0`);
  const tag = `${hash.digest("hex").slice(0, 40)}-aligner`;
  const location = `${CONTEXTS}/${tag}`;
  await mkdir(path.join(ROOT, CONTEXTS), { recursive: true });
  const folder = await mkdtemp(path.join(ROOT, CONTEXTS, "new-"));
  await Promise.all([...files].map(([file, text]) => writeFile(path.join(folder, file), text)));
  try {
    await rename(folder, path.join(ROOT, location));
  } catch {
    // Another program has written the same files.
    await rm(folder, { recursive: true, force: true });
  }
  return { location, tag };
}
