import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { asset } from "@pulumi/pulumi";
import { TwinError } from "../errors.js";

/**
 * Writes a Pulumi archive to disk, as a provider would zip it.
 *
 * @param archive what the program gives as a function's code
 * @param folder where to; made if need be
 * @throws TwinError `UNREADABLE_ASSET` for anything but strings, files, folders and archives of them
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
    `A function's code holds a ${kind}; the twin unpacks strings, files, folders and archives of them.`,
  );
}
