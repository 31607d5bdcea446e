/** `npm run preflight`: what would stop a `pulumi up`, before anything is created. */
import { commandLine, runCommand } from "./command.js";
import type { PreflightCommandOptions } from "./preflight/runPreflight.js";

const command = commandLine(
  "npm run preflight",
  "Looks for what would stop a pulumi up: sign-in, quotas, names, Docker, disk, the model hub. Creates nothing.",
  ["--stack dev", "--stack prod --json"],
)
  .option("--stack <name>", "stack that is to be deployed", "default")
  .option("--json", "print JSON: {stack, region, account, findings: [{check, level, message, fix}], ok}");

await runCommand(command, async () => {
  const { runPreflight } = await import("./preflight/runPreflight.js");
  return runPreflight(command.opts<PreflightCommandOptions>());
});
