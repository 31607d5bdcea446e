import { fileURLToPath } from "node:url";
import { Processes } from "../../../../local/twin/processes/processes.js";

/** This file: a program that holds processes as the twin does. It ends only when it is killed. */
export const HOLDER = fileURLToPath(import.meta.url);

/** What the program prints in one line once all its processes run. */
export interface Held {
  /** Process id of the program itself. */
  readonly holder: number;
  /** Two processes that it started, and one that the second of them started. */
  readonly pids: readonly number[];
  readonly folder: string;
}

const IDLE = "setInterval(() => undefined, 1000)";
const IGNORES_SIGTERM = `process.on("SIGTERM", () => undefined); ${IDLE}`;
const HAS_CHILD = `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(IDLE)}]);
console.log(pid); ${IDLE}`;

function hold(): void {
  const processes = new Processes();
  const folder = processes.scratchFolder();
  const stubborn = processes.spawn(process.execPath, ["-e", IGNORES_SIGTERM], { env: process.env });
  const parent = processes.spawn(process.execPath, ["-e", HAS_CHILD], {
    env: process.env,
    onOutput: (text) => {
      const held: Held = { holder: process.pid, pids: [stubborn.pid, parent.pid, Number(text)], folder };
      process.stdout.write(`${JSON.stringify(held)}\n`);
    },
  });
}

if (process.argv[1] === HOLDER) hold();
