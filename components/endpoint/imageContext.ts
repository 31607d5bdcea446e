import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { asset } from "@pulumi/pulumi";
import dockerignore, { type Ignore } from "@balena/dockerignore";

// The package exports the function itself, but its types declare a default export.
const ignoreManager = dockerignore as unknown as () => Ignore;

/**
 * A hash of everything that goes into an image: the files of the build context, Dockerfile included, with their
 * permissions, which Docker copies too, and the build arguments.
 *
 * @param folder the build context
 * @param buildArguments build arguments by name
 * @returns 64 hexadecimal digits
 */
export function contextHash(folder: string, buildArguments: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const file of contextFiles(folder)) {
    const path = join(folder, file);
    const mode = (statSync(path).mode & 0o777).toString(8);
    hash.update(`${file}\0${mode}\0${sha256(readFileSync(path))}\n`);
  }
  return hash.update(JSON.stringify(Object.entries(buildArguments).sort())).digest("hex");
}

/**
 * The same files as an archive, for a builder on another machine. It holds no permissions: that builder sets its own.
 *
 * @param folder the build context
 * @param location the same folder from the root of the project: the state holds it, and another machine must see no change
 */
export function contextArchive(folder: string, location: string): asset.AssetArchive {
  const assets = contextFiles(folder).map((file) => [file, new asset.FileAsset(`${location}/${file}`)] as const);
  return new asset.AssetArchive(Object.fromEntries(assets));
}

/** Files that the builder reads even if .dockerignore excludes them. */
const ALWAYS_SENT: readonly string[] = [".dockerignore", "Dockerfile"];

/** The files that the builder gets: all that .dockerignore does not exclude, sorted, with `/` between folders. */
export function contextFiles(folder: string): string[] {
  const ignored = ignoreManager().add(ignorePatterns(folder));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((file) => ALWAYS_SENT.includes(file) || !ignored.ignores(file))
    .sort();
}

function ignorePatterns(folder: string): string {
  try {
    return readFileSync(join(folder, ".dockerignore"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
