/** `npm run simulate`: the planned scaling policies beside others, on traces of work, without AWS. */
import { commandLine, runCommand } from "./command.js";
import { addSimulateOptions } from "./simulate/options.js";
import type { SimulateOptions } from "./simulate/runSimulate.js";

const command = addSimulateOptions(
  commandLine(
    "npm run simulate",
    "Simulates how the planned policies scale the endpoint: waits, GPU hours, dollars and killed jobs, beside a plain policy and a fixed fleet. Needs no AWS.",
    [
      "--picture out/scaling.svg",
      "--stack prod --trace night --json out/night.json",
      "--set maxCapacity=4 --trace jobs.csv",
      "--trace office --runs 20 --quiet 2 5 10",
      "--trace burst --tune --wait 1800 --budget 5",
    ],
  ),
);

await runCommand(command, async () => {
  const { runSimulate } = await import("./simulate/runSimulate.js");
  return runSimulate(command.opts<SimulateOptions>());
});
