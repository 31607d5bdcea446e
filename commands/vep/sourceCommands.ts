/** The subcommand about the sources of evidence. */
import { Argument, type Command } from "commander";
import { described, JSON_OPTION } from "./describe.js";

const ACTIONS = ["list", "check"] as const;

/** Adds `sources`. */
export function addSourceCommands(vep: Command): void {
  described(
    vep,
    "sources",
    "Lists the public sources of evidence, or asks each of them live about one protein. Only the accession and the name of its gene are sent.",
    ["sources list", "sources check", "sources check --accession P05067 --json"],
  )
    .addArgument(new Argument("<action>", "what to do").choices(ACTIONS))
    .option("--accession <accession>", "with check: UniProt accession of the protein", "P04637")
    .option("--json", JSON_OPTION)
    .addHelpText(
      "after",
      "\nWithout a stack: nothing is kept, and the rates hold for this process alone. A key for NCBI is read from NCBI_API_KEY.",
    )
    .action(async (action: (typeof ACTIONS)[number], options: { accession: string; json?: boolean }) => {
      if (action === "list") {
        const { listSources } = await import("../sources/listSources.js");
        listSources(options);
        return;
      }
      const { checkSources } = await import("../sources/checkSources.js");
      process.exitCode = await checkSources(options);
    });
}
