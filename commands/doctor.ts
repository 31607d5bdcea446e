/** `npm run doctor`: what is wrong with a deployed stack, and the fix of each finding. */
import { commandLine, runCommand } from "./command.js";
import type { DoctorCommandOptions } from "./doctor/runDoctor.js";

const command = commandLine(
  "npm run doctor",
  "Looks a deployed stack over: sign-in, quotas, endpoint, scaling, functions, jobs, alarms, log lines. Changes nothing.",
  ["--stack dev", "--local", "--stack prod --json"],
)
  .option("--stack <name>", "stack to look over", "default")
  .option("--local", "look at the twin of npm run local")
  .option("--json", "print JSON: {stack, region, account, findings: [{check, level, message, fix}], ok}");

await runCommand(command, async () => {
  const { runDoctor } = await import("./doctor/runDoctor.js");
  return runDoctor(command.opts<DoctorCommandOptions>());
});
