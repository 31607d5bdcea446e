/** `npm run recover`: the commands that continue after a `pulumi up` or `pulumi destroy` was killed. */
import { commandLine, runCommand } from "./command.js";
import type { RecoverOptions } from "./recover/printRecovery.js";

const command = commandLine(
  "npm run recover",
  "Prints the commands that bring a stack back whose pulumi up or pulumi destroy was killed. Reads the stack's state only.",
  ["--stack dev"],
).option("--stack <name>", "stack whose command was killed", "default");

await runCommand(command, async () => {
  const { printRecovery } = await import("./recover/printRecovery.js");
  return printRecovery(command.opts<RecoverOptions>());
});
