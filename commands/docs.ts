/** `npm run docs`: the generated tables of the documentation, and its links. */
import { commandLine, runCommand } from "./command.js";
import type { DocsOptions } from "./docs/updateDocs.js";

const command = commandLine(
  "npm run docs",
  "Writes the tables in docs/ from what they describe: configuration keys, planned resources, tools, error codes.",
  ["--check"],
).option("--check", "write nothing; report tables that are out of date and links that lead nowhere");

await runCommand(command, async () => {
  const { updateDocs } = await import("./docs/updateDocs.js");
  return updateDocs(command.opts<DocsOptions>());
});
