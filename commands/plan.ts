/** `npm run plan`: the resources that a stack's configuration plans, without AWS. */
import { commandLine, runCommand } from "./command.js";
import type { PlanOptions } from "./plan/printPlan.js";

const command = commandLine("npm run plan", "Prints the resources that a stack's configuration plans. Needs no AWS.", [
  "--stack dev",
  "--stack prod --json",
])
  .option("--stack <name>", "stack whose configuration is planned", "default")
  .option(
    "--json",
    "print JSON: {config, resources: [{type, name, urn, inputs}], outputs}; with existing roles, requiredPolicies too",
  );

await runCommand(command, async () => {
  const { printPlan } = await import("./plan/printPlan.js");
  return printPlan(command.opts<PlanOptions>());
});
