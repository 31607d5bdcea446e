import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const bundles = new Map<string, Promise<ReadonlyMap<string, string>>>();

/**
 * Bundles a Lambda function: its entry and everything that it imports, the AWS SDK included, in one minified file with
 * a source map. It is built in memory, so no old build on disk can be deployed, and once in a process.
 *
 * @param entry path of the entry from the root of the project, such as `lambda/tools/index.ts`
 * @returns text by file name
 */
export function bundledFiles(entry: string): Promise<ReadonlyMap<string, string>> {
  const files = bundles.get(entry) ?? bundle(entry);
  bundles.set(entry, files);
  // Whoever deploys the bundle reports a failure; until then it must not end the process.
  files.catch(() => undefined);
  return files;
}

async function bundle(entry: string): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: "index.js",
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
  return new Map(outputFiles.map(({ path, text }) => [path.slice(ROOT.length), text]));
}
