/** Holds two processes, one of which starts another, and tells their ids; ends only when it is killed. */
import { Processes } from "../../../../local/twin/processes/processes.js";

const NAPPER = "setInterval(() => undefined, 1000)";
const PARENT = `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(NAPPER)}]);
console.log("child", pid); ${NAPPER}`;

const processes = new Processes();
const folder = processes.scratchFolder();
const stubborn = processes.spawn(process.execPath, ["-e", `process.on("SIGTERM", () => undefined); ${NAPPER}`], {
  env: process.env,
});
const parent = processes.spawn(process.execPath, ["-e", PARENT], {
  env: process.env,
  onOutput: (text) => {
    const pids = [stubborn.pid, parent.pid, Number(text.replace("child ", ""))];
    process.stdout.write(`${JSON.stringify({ pids, folder })}\n`);
  },
});
