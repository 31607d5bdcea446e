import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { familyOf, isAlive, untilGone } from "../local/twin/support/alive.js";
import { until } from "../local/twin/support/until.js";
import { cliProcesses } from "./support/cli.js";
import { describeEngine } from "./support/engine.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

describeEngine("a test run that is killed, with the real engine", () => {
  it("leaves no process behind", async () => {
    const temporary = mkdtempSync(path.join(os.tmpdir(), "amplify-vep-killed-"));
    const { pid = 0 } = spawn(process.execPath, ["--import=tsx", "commands/test.ts", "engine"], {
      cwd: ROOT,
      stdio: "ignore",
      env: { ...process.env, TMPDIR: temporary },
    });
    let processes = [pid];
    try {
      processes = await until("a process of the CLI", () => {
        const running = familyOf(pid);
        return cliProcesses(pid).length > 0 ? running : undefined;
      });

      process.kill(pid, "SIGKILL");

      await untilGone(processes);
    } finally {
      for (const left of processes.filter(isAlive)) process.kill(left, "SIGKILL");
      await untilGone(processes);
      rmSync(temporary, { recursive: true, force: true });
    }
  });
});
