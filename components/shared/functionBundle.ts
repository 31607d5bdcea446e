import { fileURLToPath } from "node:url";
import { asset } from "@pulumi/pulumi";
import { build } from "esbuild";

/** The handler of every bundle, as Lambda names it: file and export. */
export const BUNDLE_HANDLER = "index.handler";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const bundles = new Map<string, Promise<asset.AssetMap>>();

/**
 * The code of a Lambda function: its entry and everything that it imports, the AWS SDK included, in one minified file
 * with a source map. It is built in memory, so no old build on disk can be deployed.
 *
 * @param entry path of the entry from the root of the project, such as `lambda/tools/index.ts`
 */
export function functionBundle(entry: string): asset.AssetArchive {
  // A process that plans several stacks bundles once.
  const files = bundles.get(entry) ?? bundle(entry);
  bundles.set(entry, files);
  return new asset.AssetArchive(files);
}

async function bundle(entry: string): Promise<asset.AssetMap> {
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
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [path.slice(ROOT.length), new asset.StringAsset(text)] as const),
  );
}
