/** `npm run kills`: whether a stack recovers from a kill at every step. */
import { EVERY_KILL } from "./check/checks.js";
import { endWithStarter } from "./check/endWithStarter.js";
import { reportOutcome, runChecks } from "./check/runChecks.js";
import { commandLine, runCommand } from "./command.js";

const command = commandLine(
  "npm run kills",
  "Kills the Pulumi CLI at every step of a first up, an update and a destroy, and recovers each time by the commands of " +
    "`npm run recover`, with the real engine on a simulated cloud. Needs the Pulumi CLI, and 10 to 20 minutes.",
);

await runCommand(command, async () => {
  endWithStarter();
  return reportOutcome(await runChecks([EVERY_KILL]));
});
