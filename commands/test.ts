/** `npm test`: every check and every test suite, or only those that are named. */
import { Argument } from "commander";
import { endWithStarter } from "./check/endWithStarter.js";
import { STAGES, type Check } from "./check/checks.js";
import { reportOutcome, runChecks } from "./check/runChecks.js";
import { commandLine, runCommand } from "./command.js";

const names = STAGES.flatMap(({ checks }) => checks.map(({ name }) => name));

const command = commandLine("npm test", "Runs every check and every test suite, or only those that are named.", [
  "mocha pytest",
]).addArgument(new Argument("[checks...]", "what to run; default: everything").choices(names));

await runCommand(command, async () => {
  endWithStarter();
  const chosen = ({ name }: Check): boolean => command.args.length === 0 || command.args.includes(name);
  const stages = STAGES.map((stage) => ({ ...stage, checks: stage.checks.filter(chosen) }));
  return reportOutcome(await runChecks(...stages));
});
