/**
 * `npm test`: every check of the project, one after another, and a closing line that counts them. All run, so that one
 * look shows all that is wrong; the exit code is 1 when any failed.
 *
 *     npm test                    everything
 *     npm test -- mocha pytest    only these
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { endWithStarter } from "./support/starter.js";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PYTHON_BIN = path.join(ROOT, ".venv", "bin");

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly folder?: string;
}

const node = (script: string, ...args: string[]): [string, ...string[]] => [
  process.execPath,
  path.join(ROOT, "node_modules", script),
  ...args,
];
const python = (tool: string, ...args: string[]): [string, ...string[]] => [path.join(PYTHON_BIN, tool), ...args];

/**
 * Tests that start servers, or the Pulumi CLI, with a time-out of their own in milliseconds. Node loads tsx itself:
 * given `--import`, mocha would start a second process, which outlives the first one when that is killed.
 */
function slowMocha(timeout: string, ...files: string[]): [string, ...string[]] {
  const [program, ...mocha] = node(
    "mocha/bin/mocha.js",
    "--no-config",
    `--timeout=${timeout}`,
    "--reporter=dot",
    ...files,
  );
  return [program, "--import=tsx", ...mocha];
}

/** What the rules of .dependency-cruiser.json are held against. */
const SOURCES = ["index.ts", "components", "contract", "lambda", "client", "commands", "local", "policy", "tests"];

const CHECKS: readonly Check[] = [
  { name: "eslint", command: node("eslint/bin/eslint.js", "--max-warnings=0", ".") },
  { name: "types", command: node("typescript/bin/tsc", "--noEmit") },
  { name: "structure", command: node("dependency-cruiser/bin/dependency-cruise.mjs", ...SOURCES) },
  { name: "prettier", command: node("prettier/bin/prettier.cjs", "--check", "--log-level=warn", ".") },
  { name: "docs", command: [process.execPath, "--import=tsx", "commands/docs.ts", "--check"] },
  { name: "ruff", command: python("ruff", "check"), folder: "image" },
  { name: "ruff-format", command: python("ruff", "format", "--check"), folder: "image" },
  { name: "mypy", command: python("mypy"), folder: "image" },
  { name: "mocha", command: node("mocha/bin/mocha.js") },
  { name: "pytest", command: python("pytest"), folder: "image" },
  { name: "twin", command: slowMocha("120000", "tests/local/twin/**/*.test.ts", "tests/**/*.twin.test.ts") },
  { name: "engine", command: slowMocha("300000", "tests/engine/**/*.test.ts") },
];

async function passes({ name, command: [program, ...args], folder }: Check): Promise<boolean> {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const passed = await endsWell(program, args, path.join(ROOT, folder ?? ""));
  console.log(`== ${name}: ${passed ? "passed" : "FAILED"} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return passed;
}

/** Whether a program ends with exit code 0. It does not where it cannot be started, and the reason is printed. */
async function endsWell(program: string, args: readonly string[], folder: string): Promise<boolean> {
  try {
    const [status] = (await once(spawn(program, args, { cwd: folder, stdio: "inherit" }), "exit")) as [number | null];
    return status === 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

endWithStarter();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !CHECKS.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(", ")}; there are ${CHECKS.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
const results: { readonly name: string; readonly passed: boolean }[] = [];
for (const check of CHECKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  results.push({ name: check.name, passed: await passes(check) });
}
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
if (failed.length > 0) console.error(`\nFailed: ${failed.join(", ")}`);
console.log(`\n${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
