/** `npm run docs`: the generated tables of the documentation, and its links. */
import { Option } from "commander";
import { commandLine, runCommand } from "./command.js";
import type { DocsOptions } from "./docs/updateDocs.js";

const command = commandLine(
  "npm run docs",
  "Writes the tables in docs/ from what they describe: configuration keys, planned resources, tools, error codes.",
  ["--check"],
)
  .option("--check", "write nothing; report tables that are out of date and links that lead nowhere")
  .addOption(
    new Option("--upgrade", "write the table of docs/upgrade.md instead: needs the Pulumi CLI, and minutes").conflicts(
      "check",
    ),
  );

await runCommand(command, async () => {
  const { upgrade, ...options } = command.opts<DocsOptions & { readonly upgrade?: boolean }>();
  if (upgrade) {
    const [{ UPGRADE_TABLE }, { reportOutcome, runChecks }] = await Promise.all([
      import("./check/checks.js"),
      import("./check/runChecks.js"),
    ]);
    return reportOutcome(await runChecks([UPGRADE_TABLE]));
  }
  const { updateDocs } = await import("./docs/updateDocs.js");
  return updateDocs(options);
});
