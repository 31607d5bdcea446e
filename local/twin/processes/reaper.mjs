// Ends what the twin started once the twin is gone, however it went. The twin holds the other end of standard input:
// when that closes, every process group still listed is killed and every scratch folder removed. A line is `+GROUP`,
// `-GROUP` or `rm FOLDER`. It runs in a session of its own, so that Ctrl-C reaches the twin alone.
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

const groups = new Set();
const folders = new Set();

function endGroup(group) {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    // The group has ended by itself.
    if (error.code !== "ESRCH") throw error;
  }
}

process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  if (line.startsWith("+")) groups.add(Number(line.slice(1)));
  else if (line.startsWith("-")) groups.delete(Number(line.slice(1)));
  else if (line.startsWith("rm ")) folders.add(line.slice(3));
});
lines.on("close", () => {
  for (const group of groups) endGroup(group);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
