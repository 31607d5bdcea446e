import { asset } from "@pulumi/pulumi";
import { bundledFiles } from "./bundledFiles.js";

/** The handler of every bundle, as Lambda names it: file and export. */
export const BUNDLE_HANDLER = "index.handler";

/**
 * The code of a Lambda function.
 *
 * @param entry path of the entry from the root of the project, see {@link bundledFiles}
 */
export function functionBundle(entry: string): asset.AssetArchive {
  return new asset.AssetArchive(assetsOf(entry));
}

async function assetsOf(entry: string): Promise<asset.AssetMap> {
  const files = await bundledFiles(entry);
  return Object.fromEntries([...files].map(([name, text]) => [name, new asset.StringAsset(text)]));
}
