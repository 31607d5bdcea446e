/** `npm run query`: a saved query or SQL of one's own on the result store, in Athena or on a copy of its files. */
import { commandLine, runCommand } from "./command.js";
import type { QueryOptions } from "./query/runQuery.js";

const command = commandLine(
  "npm run query",
  "Runs a saved query, or SQL of your own, on the result store: in Athena, or in DuckDB on a copy of its files.",
  [
    "best-variants --workgroup dev-protein-agent-results",
    "jobs-by-day --local copy --json",
    "\"SELECT hgvs, llr FROM results WHERE name = 'insulin' ORDER BY llr DESC LIMIT 5\" --local copy",
    "position-across-proteins --show",
  ],
)
  .argument(
    "[query]",
    "name of a saved query, or SQL on the tables results and jobs; without it, the saved queries are listed",
  )
  .option("--workgroup <name>", "workgroup of Athena, the output resultsWorkgroup of the stack")
  .option("--local <dir>", "folder with a copy of the folders results and jobs of the bucket; needs no AWS")
  .option("--show", "print the SQL of a saved query instead of running it")
  .option("--json", "print the rows as JSON");

await runCommand(command, async () => {
  const { runQuery } = await import("./query/runQuery.js");
  return runQuery(command.args[0], command.opts<QueryOptions>());
});
