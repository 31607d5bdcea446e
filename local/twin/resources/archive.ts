import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { asset } from "@pulumi/pulumi";
import { TwinError } from "../errors.js";

/**
 * Writes the files of a Pulumi archive to a folder.
 *
 * @param archive the code of a function
 * @param folder is created if it does not exist
 * @throws TwinError `UNREADABLE_ASSET` if it holds anything except strings, files, folders and archives of them
 */
export async function writeArchive(archive: unknown, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (archive instanceof asset.AssetArchive) {
    const entries = Object.entries(await archive.assets);
    await Promise.all(entries.map(([name, entry]) => writeEntry(entry, path.join(folder, name))));
  } else if (archive instanceof asset.FileArchive) {
    await cp(await archive.path, folder, { recursive: true });
  } else {
    throw unreadable(archive);
  }
}

async function writeEntry(entry: unknown, target: string): Promise<void> {
  if (entry instanceof asset.StringAsset) {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, await entry.text);
  } else if (entry instanceof asset.FileAsset) {
    await mkdir(path.dirname(target), { recursive: true });
    await cp(await entry.path, target);
  } else if (asset.Archive.isInstance(entry)) {
    await writeArchive(entry, target);
  } else {
    throw unreadable(entry);
  }
}

function unreadable(found: unknown): TwinError {
  const kind = typeof found === "object" && found !== null ? found.constructor.name : typeof found;
  return new TwinError(
    "UNREADABLE_ASSET",
    `The code of a function holds a ${kind}, which the twin cannot write to disk; use strings, files, folders or archives of them.`,
  );
}
