// Ends what the twin started once the twin has ended, even if it was killed. The twin holds the other end of standard
// input: when that closes, every process group still listed is killed and every scratch folder removed. A line is
// `+GROUP`, `-GROUP` or `rm FOLDER`. With `--end-with-starter` the twin itself is ended too, once npm, which started it,
// has ended. The reaper runs in a session of its own, so that Ctrl-C reaches the twin alone.
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { clearInterval, setInterval, setTimeout } from "node:timers";
import { starterOf } from "./starter.mjs";

/** How often the reaper looks for the starter, in ms. */
const LOOK_EVERY_MS = 1000;

/** Time that the twin has to end after SIGTERM before it is killed, in ms. */
const GRACE_MS = 10_000;

const twin = process.ppid;
const groups = new Set();
const folders = new Set();

/** Sends a signal to a process, or to a process group (a negative number), unless it has ended. */
function send(target, signal) {
  try {
    process.kill(target, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function endTwin() {
  send(twin, "SIGTERM");
  setTimeout(() => {
    if (process.ppid === twin) send(twin, "SIGKILL");
  }, GRACE_MS).unref();
}

function watchStarter() {
  const starter = starterOf(twin);
  if (starter === undefined) return;
  const timer = setInterval(() => {
    if (starterOf(twin) === starter) return;
    clearInterval(timer);
    if (process.ppid === twin) endTwin();
  }, LOOK_EVERY_MS);
  timer.unref();
}

process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
if (process.argv.includes("--end-with-starter")) watchStarter();

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  if (line.startsWith("+")) groups.add(Number(line.slice(1)));
  else if (line.startsWith("-")) groups.delete(Number(line.slice(1)));
  else if (line.startsWith("rm ")) folders.add(line.slice(3));
});
lines.on("close", () => {
  for (const group of groups) send(-group, "SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
