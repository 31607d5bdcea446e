import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { isAlive, untilGone } from "../support/alive.js";
import { HOLDER, type Held } from "../support/holder.js";
import { until } from "../support/until.js";

const STARTER_MODULE = new URL("../../../../local/twin/processes/starter.mjs", import.meta.url);
const PRINT_STARTER = `import { starterOf } from "${STARTER_MODULE.href}"; console.log(starterOf(process.pid));`;

/** What npm does with a script: starts a shell in its own process group, which starts the program. */
const STARTER = `require("node:child_process").spawn("sh", ["-c", process.argv[1]], { stdio: "inherit" })`;

/** A program that holds processes, started by a shell that a starter started. */
async function startThroughShell(): Promise<Held & { starter: ChildProcess }> {
  const command = `"${process.execPath}" --import=tsx "${HOLDER}"; exit 0`;
  const starter = spawn(process.execPath, ["-e", STARTER, command], {
    // The shell reports on standard error that its program was terminated.
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, npm_lifecycle_event: "local" },
  });
  const [line] = (await once(createInterface({ input: starter.stdout }), "line")) as [string];
  return { starter, ...(JSON.parse(line) as Held) };
}

describe("the twin's processes, started by npm", () => {
  it("end when npm is killed, although the shell between the two lives on", async () => {
    const { starter, holder, pids, folder } = await startThroughShell();
    expect([holder, ...pids].every(isAlive)).to.be.true;
    starter.kill("SIGKILL");
    await untilGone([holder, ...pids]);
    await until("the removal of the scratch folder", () => (existsSync(folder) ? undefined : true));
  });
});

describe("the starter of a program", () => {
  /** What the program prints as its starter, when a shell runs it for this process. */
  function printedStarter(options: { detached: boolean }): string {
    const script = `"${process.execPath}" --input-type=module -e '${PRINT_STARTER}'; exit 0`;
    return spawnSync("sh", ["-c", script], { encoding: "utf8", ...options }).stdout.trim();
  }

  it("is the one that started its shell", () => {
    expect(printedStarter({ detached: false })).to.equal(String(process.pid));
  });

  it("is unknown if the program was detached into a process group of its own", () => {
    expect(printedStarter({ detached: true })).to.equal("undefined");
  });
});
