import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { ROOT } from "./checks.js";

const CRUISER = path.join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const SOURCE_FILE = /\.(ts|mjs|cjs|js|py)$/;

/** What dependency-cruiser reports of modules, as far as it is read here. */
const cruised = z.object({
  modules: z.array(z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string() })) })),
});

/** One import: the file that imports, and the file that is imported. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Figures of the repository's structure, a line each. */
export async function structureFigures(): Promise<string> {
  const arrows = crossFolderImports(await componentImports());
  const tracked = (await output("git", ["ls-files"])).trim().split("\n");
  const [longest, lines] = longestFile(tracked.filter((file) => SOURCE_FILE.test(file)));
  return [
    `import arrows between folders of components/: ${arrows.folderPairs} (${arrows.imports} imports)`,
    `longest source file: ${lines} lines (${longest})`,
    `README.md: ${lineCount("README.md")} lines`,
  ].join("\n");
}

/** Counts the imports from one folder of components/ to another, and the distinct pairs of folders. */
export function crossFolderImports(imports: readonly Import[]): { imports: number; folderPairs: number } {
  const pairs = imports
    .map(({ from, to }) => [from, to].map((file) => /^components\/([^/]+)\//.exec(file)?.[1]))
    .filter(([from, to]) => from !== undefined && to !== undefined && from !== to);
  return { imports: pairs.length, folderPairs: new Set(pairs.map((pair) => pair.join(" -> "))).size };
}

async function componentImports(): Promise<Import[]> {
  const json = await output(process.execPath, [CRUISER, "components", "--output-type", "json"]);
  const { modules } = cruised.parse(JSON.parse(json));
  return modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
  );
}

function longestFile(files: readonly string[]): [string, number] {
  const counted = files.map((file): [string, number] => [file, lineCount(file)]);
  return counted.reduce((longest, file) => (file[1] > longest[1] ? file : longest), ["none", 0]);
}

function lineCount(file: string): number {
  return readFileSync(path.join(ROOT, file), "utf8").split("\n").length - 1;
}

async function output(program: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, args, { cwd: ROOT, maxBuffer: 64e6 })).stdout;
}
