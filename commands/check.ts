/** `npm run check`: every check that runs no test, and the figures of the structure. */
import { commandLine, runCommand } from "./command.js";

const command = commandLine(
  "npm run check",
  "Runs the fast checks: lint, types, imports, format and documentation, of TypeScript and Python. Prints figures.",
);

await runCommand(command, async () => {
  const [{ FAST_CHECKS }, { reportOutcome, runChecks }, { structureFigures }] = await Promise.all([
    import("./check/checks.js"),
    import("./check/runChecks.js"),
    import("./check/structureFigures.js"),
  ]);
  const outcome = await runChecks(FAST_CHECKS);
  console.log(`\n${await structureFigures()}`);
  return reportOutcome(outcome);
});
