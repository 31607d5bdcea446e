import path from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** One check of the project: a program that ends with exit code 0 where all is well. */
export interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Working folder below the root. Default: the root. */
  readonly folder?: string;
  /** Environment variables in addition to those of this process. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Room for new objects, in MiB: each `up` of a test makes so many that Node.js collects them all the time in its 16 MiB. */
const YOUNG_OBJECTS = "--max-semi-space-size=64";

const BIN = path.join(ROOT, ".venv", "bin");

/** Folders and files whose imports follow the rules of .dependency-cruiser.json. */
const SOURCES = ["index.ts", "components", "contract", "lambda", "client", "commands", "local", "policy", "tests"];

/** Python outside the image's package. */
const OTHER_PYTHON = ["../commands/bench", "../examples", "../local", "../tests"];

/**
 * Checks of the sources that run no test; the slow ones come first, as several run at a time. ESLint has no cache: its
 * rules read types of other files, and a cached file would hide what a change in another one causes.
 */
export const FAST_CHECKS: readonly Check[] = [
  { name: "eslint", command: node("eslint/bin/eslint.js", "--max-warnings=0", ".") },
  {
    name: "types",
    command: node("typescript/bin/tsc", "--noEmit", "--incremental", "--tsBuildInfoFile", ".cache/tsc.tsbuildinfo"),
  },
  { name: "mypy", command: python("mypy"), folder: "image" },
  {
    name: "prettier",
    command: node(
      "prettier/bin/prettier.cjs",
      "--check",
      "--log-level=warn",
      "--cache",
      "--cache-strategy=content",
      "--cache-location=.cache/prettier",
      ".",
    ),
  },
  { name: "docs", command: [process.execPath, "--import=tsx", "commands/docs.ts", "--check"] },
  { name: "structure", command: node("dependency-cruiser/bin/dependency-cruise.mjs", ...SOURCES) },
  { name: "python-structure", command: python("lint-imports", "--no-cache"), folder: "image" },
  { name: "ruff", command: python("ruff", "check", ".", ...OTHER_PYTHON), folder: "image" },
  { name: "ruff-format", command: python("ruff", "format", "--check", ".", ...OTHER_PYTHON), folder: "image" },
];

/** Tests that change keys of a deployed stack, each there and back. */
const LIVE_KEYS = "tests/engine/liveKeys.test.ts";

/** Tests that change and kill a deployed stack: half of the time of all tests with the engine. */
const LIVE_STACKS = [
  LIVE_KEYS,
  "tests/engine/bucketName.test.ts",
  "tests/engine/failures.test.ts",
  "tests/engine/kills.test.ts",
  "tests/engine/killed.test.ts",
  "tests/engine/network.test.ts",
];

/** What `npm test` runs: first what ends soon, then the suites in an order that keeps two cores at work to the end. */
export const CHECKS: readonly Check[] = [
  ...FAST_CHECKS,
  { name: "mocha", command: node("mocha/bin/mocha.js") },
  { name: "twin", command: slowMocha("120000", "tests/local/twin/**/*.test.ts", "tests/**/*.twin.test.ts") },
  { name: "browser", command: slowMocha("60000", "tests/**/*.browser.test.ts") },
  { name: "engine-live", command: slowMocha("300000", ...LIVE_STACKS) },
  {
    name: "engine",
    command: slowMocha("300000", "tests/engine/**/*.test.ts", ...LIVE_STACKS.map((file) => `--ignore=${file}`)),
  },
  // The times that it bounds leave room for a second process.
  { name: "pytest", command: python("pytest"), folder: "image" },
];

/** Kills the CLI at every step of a first up, an update and a destroy: 10 to 20 minutes. */
export const EVERY_KILL: Check = {
  name: "kills",
  command: slowMocha("300000", "tests/engine/kills.test.ts"),
  environment: { ENGINE: "required", KILLS: "all" },
};

/** Changes every key of a deployed stack, and writes the table of docs/upgrade.md: 10 to 20 minutes. */
export const UPGRADE_TABLE: Check = {
  name: "upgrade-table",
  command: slowMocha("300000", LIVE_KEYS),
  environment: { ENGINE: "required", UPGRADE_TABLE: "write" },
};

function node(script: string, ...args: string[]): Check["command"] {
  return [process.execPath, path.join(ROOT, "node_modules", script), ...args];
}

function python(tool: string, ...args: string[]): Check["command"] {
  return [path.join(BIN, tool), ...args];
}

/**
 * Tests that start servers, or the Pulumi CLI, with the time limit of one test in milliseconds. Node loads tsx itself:
 * with its own `--import`, mocha starts a second process, which outlives the first one when that is killed.
 */
function slowMocha(timeout: string, ...files: string[]): Check["command"] {
  const [program, ...mocha] = node(
    "mocha/bin/mocha.js",
    "--no-config",
    `--timeout=${timeout}`,
    "--reporter=dot",
    ...files,
  );
  return [program, "--import=tsx", YOUNG_OBJECTS, ...mocha];
}
