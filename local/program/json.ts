import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { asset } from "@pulumi/pulumi";

/**
 * A value as JSON can show it: archives and assets become the hash and size of their content.
 */
export async function summarised(value: unknown): Promise<unknown> {
  if (value instanceof asset.AssetArchive) return summarisedArchive(value);
  if (value instanceof asset.StringAsset) return digest(Buffer.from(await value.text));
  if (value instanceof asset.FileAsset) return digest(await readFile(await value.path));
  if (Array.isArray(value)) return Promise.all(value.map(summarised));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, inner]) => [key, await summarised(inner)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function summarisedArchive(archive: asset.AssetArchive): Promise<unknown> {
  return { archive: await summarised(await archive.assets) };
}

function digest(content: Buffer): { readonly sha256: string; readonly bytes: number } {
  return { sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length };
}
