import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { mapWithoutPackages } from "./mapWithoutPackages.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Folder of the outputs, which are not written: it gives the source maps paths from the root of the project. */
const OUT = path.join(ROOT, "bundle");

/** Text by file name. */
type Files = ReadonlyMap<string, string>;

const bundles = new Map<string, Promise<Files>>();

/**
 * Bundles a Lambda function: its entry and everything that it imports, the AWS SDK included, in one minified file with
 * a source map. It is built in memory, so no old build on disk can be deployed, and once in a process.
 *
 * @param entry path of the entry from the root of the project, such as `lambda/tools/index.ts`
 * @returns text by file name
 */
export function bundledFiles(entry: string): Promise<Files> {
  return bundles.get(entry) ?? keep(bundle([entry]), entry);
}

/** Bundles several functions at once, which takes half the time: esbuild parses what they share only once. */
export function startBundling(entries: readonly string[]): void {
  const built = bundle(entries);
  for (const entry of entries) void keep(built, entry);
}

function keep(built: Promise<Files>, entry: string): Promise<Files> {
  const files = built.then((outputs) => filesOf(outputs, entry));
  bundles.set(entry, files);
  // Whoever deploys the bundle reports a failure; until then it must not end the process.
  files.catch(() => undefined);
  return files;
}

/** All outputs, by their path below {@link OUT}. */
async function bundle(entries: readonly string[]): Promise<Files> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: entries.map((entry) => ({ in: entry, out: `${folderOf(entry)}/index` })),
    outdir: OUT,
    write: false,
    bundle: true,
    platform: "node",
    target: "node22",
    // CommonJS, because the X-Ray SDK calls `require` at run time, which an ES module does not have.
    format: "cjs",
    mainFields: ["module", "main"],
    minify: true,
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "silent",
  });
  return new Map(outputFiles.map((file) => [path.relative(OUT, file.path), file.text]));
}

function filesOf(outputs: Files, entry: string): Files {
  const folder = `${folderOf(entry)}/`;
  const own = [...outputs].filter(([name]) => name.startsWith(folder));
  return new Map(
    own.map(([name, text]) => [name.slice(folder.length), name.endsWith(".map") ? mapWithoutPackages(text) : text]),
  );
}

/** A folder of its own for each entry, one level deep, so that all maps have the same paths. */
function folderOf(entry: string): string {
  return entry.replaceAll("/", "-").replace(/\.ts$/, "");
}
