/** `npm run faults`: jobs through the local twin while everything around them fails. */
import { writeFileSync } from "node:fs";
import { commandLine, readCount, runCommand } from "./command.js";

interface Options {
  readonly jobs: number;
  readonly seed: number;
  readonly json?: string;
}

const command = commandLine(
  "npm run faults",
  "Sends jobs through the local twin while faults are injected, and compares what became of them with a record of its " +
    "own. Exits with 1 where a job is lost, scored twice or has a wrong result.",
  ["--jobs 100 --seed 7", "--json faults.json"],
)
  .option("--jobs <number>", "number of jobs", readCount, 1000)
  .option("--seed <number>", "the same seed injects the same faults, as far as timing allows", readCount, 1)
  .option("--json <file>", "also write {accepted, completed, failed, expired, lost, double, wrong} to this file");

await runCommand(command, async () => {
  const { json, ...options } = command.opts<Options>();
  const [{ syntheticCheckpoint }, { runFaults }, { isGood, printRun }] = await Promise.all([
    import("../local/model.js"),
    import("./faults/runFaults.js"),
    import("./faults/printRun.js"),
  ]);
  const run = await runFaults({ ...options, modelDir: await syntheticCheckpoint(), onProgress: console.log });
  printRun(run);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(run.counts, null, 2)}\n`);
  return isGood(run) ? 0 : 1;
});
