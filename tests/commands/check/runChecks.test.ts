import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Check } from "../../../commands/check/checks.js";

const MODULE = new URL("../../../commands/check/runChecks.ts", import.meta.url).href;

const check = (name: string, script: string): Check => ({ name, command: [process.execPath, "-e", script] });

/** Runs checks in a process of their own, whose output they print to. */
async function run(...checks: readonly Check[]): Promise<string> {
  const script =
    `import { reportOutcome, runChecks } from "${MODULE}";` +
    `console.log("exit", reportOutcome(await runChecks(${JSON.stringify(checks)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import=tsx",
    "--input-type=module",
    "--eval",
    script,
  ]);
  return stdout;
}

describe("running checks", () => {
  it("runs all, and counts those that failed or could not start", async () => {
    const missing: Check = { name: "missing", command: ["/no/such/program"] };
    const output = await run(check("bad", "process.exit(3)"), missing, check("good", ""));

    expect(output).to.match(/== bad: FAILED[^]*\n1 passed, 2 failed\nexit 1\n$/);
    expect(output).to.match(/ENOENT[^]*== missing: FAILED/);
    expect(output).to.match(/== good: passed/);
  });

  it("prints the output of one check as it comes", async () => {
    const output = await run(check("only", "console.log('one')"));

    expect(output).to.match(/\n== only\none\n== only: passed/);
  });

  it("prints the output of each check as a whole where two run at the same time", async () => {
    const slow = check("slow", "console.log('one'); setTimeout(() => console.error('two'), 500)");
    const output = await run(slow, check("quick", "console.log('three')"));

    expect(output).to.match(/== slow\none\ntwo\n== slow: passed/);
    expect(output).to.match(/== quick\nthree\n== quick: passed[^]*\n2 passed, 0 failed\nexit 0\n$/);
  });
});
