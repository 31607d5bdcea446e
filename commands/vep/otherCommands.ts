/** The subcommands that are neither about jobs nor about one result. */
import { Argument, Option, type Command } from "commander";
import type { QueryOptions } from "../query/runQuery.js";
import { completionScript, SHELLS, type Shell } from "./completion.js";
import { calling, described, JSON_OPTION, modelOption, wholeNumber } from "./describe.js";
import type { McpOptions } from "./mcp.js";

const LOOPBACK = "127.0.0.1";

/** Adds `query`, `mcp`, `schema` and `completion`. */
export function addOtherCommands(vep: Command): void {
  described(
    vep,
    "query [query]",
    "Runs a saved query, or SQL of your own, on the result store: in Athena, or in DuckDB on a copy of its files.",
    [
      "query best-variants --workgroup dev-protein-agent-results",
      "query jobs-by-day --local copy --json",
      'query "SELECT hgvs, llr FROM results WHERE position = 25 ORDER BY llr DESC LIMIT 5" --local copy',
      "query position-across-proteins --show",
    ],
  )
    .option("--workgroup <name>", "workgroup of Athena, the output resultsWorkgroup of the stack")
    .option("--local <dir>", "folder with a copy of the folders results and jobs of the bucket; needs no AWS")
    .option("--show", "print the SQL of a saved query instead of running it")
    .option("--json", JSON_OPTION)
    .addHelpText("after", "\nWithout a query, the saved ones are listed. The tables are results and jobs.")
    .action(async (query: string | undefined, options: QueryOptions) => {
      const { runQuery } = await import("../query/runQuery.js");
      process.exitCode = await runQuery(query, options);
    });

  calling(
    vep,
    "mcp",
    "Serves the tools to agents: the Model Context Protocol on standard input and output, or over HTTP with --http. A client over HTTP sends the token of the environment variable VEP_MCP_TOKEN, where that is set.",
    [
      "mcp --lambda-function dev-protein-agent-async-endpoint-lambda",
      "mcp --local --http 8800",
      "mcp --http 8800 --host 0.0.0.0 --allow-origin https://agents.example.org",
    ],
  )
    .addOption(
      new Option(
        "--http <port>",
        "serve Streamable HTTP on this port (0: a free one), and print its address",
      ).argParser((text) => wholeNumber(text, 0, 65_535)),
    )
    .option(
      "--host <address>",
      "with --http: address to listen on; other than of this machine only with a token",
      LOOPBACK,
    )
    .option("--allow-origin <origin...>", "with --http: origins of web pages that may call it")
    .addOption(modelOption())
    .action(async (options: McpOptions) => {
      const { serveMcp } = await import("./mcp.js");
      process.exitCode = await serveMcp(options);
    });

  described(vep, "schema", "Prints the tools with the JSON Schemas of their arguments and answers.", [
    "schema > tools.json",
    "schema --openapi > api.json",
  ])
    .option("--openapi", "print the HTTP API as a document of OpenAPI instead")
    .action(async ({ openapi }: { openapi?: boolean }) => {
      const [{ toolSchemas }, { openApi }] = await Promise.all([
        import("../../contract/toolSchemas.js"),
        import("../../contract/openApi.js"),
      ]);
      console.log(
        JSON.stringify(openapi ? openApi({ uploads: true, evidence: true }) : { tools: toolSchemas() }, undefined, 2),
      );
    });

  described(vep, "completion", "Prints the script with which a shell completes this command.", [
    "completion bash >> ~/.bashrc",
    "completion zsh > ~/.zfunc/_vep",
    "completion fish > ~/.config/fish/completions/vep.fish",
  ])
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .action((shell: Shell) => {
      process.stdout.write(completionScript(vep, shell));
    });
}
