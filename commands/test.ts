/** `npm test`: every check and every test suite, or only those that are named. */
import { Argument } from "commander";
import { endWithStarter } from "./check/endWithStarter.js";
import { CHECKS } from "./check/checks.js";
import { reportOutcome, runChecks } from "./check/runChecks.js";
import { commandLine, runCommand } from "./command.js";

const names = CHECKS.map(({ name }) => name);

const command = commandLine("npm test", "Runs every check and every test suite, or only those that are named.", [
  "mocha pytest",
]).addArgument(new Argument("[checks...]", "what to run; default: everything").choices(names));

await runCommand(command, async () => {
  endWithStarter();
  const isChosen = (name: string): boolean => command.args.length === 0 || command.args.includes(name);
  return reportOutcome(await runChecks(CHECKS.filter(({ name }) => isChosen(name))));
});
