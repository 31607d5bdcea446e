/** The subcommand for the model versions of a stack. */
import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import { MODEL_ACTIONS, type ModelAction } from "../models/actions.js";
import type { ModelsOptions } from "../models/runModels.js";
import { printing, wholeNumber } from "./describe.js";

/** Adds `models`. */
export function addModelCommands(vep: Command): void {
  printing(
    vep,
    "models",
    "Works with the model versions of a stack: list and show them, activate one and roll back, compare two, measure one with assays, retire one, or register one as a model package.",
    [
      "models list",
      "models show v2 --json",
      'models activate v2 --reason "better on our assays"',
      "models rollback",
      "models compare base v2 --assay BLAT_ECOLX_Stiffler_2015.csv --page compared.html",
      "models compare base v2 --workgroup dev-protein-agent-results",
      "models measure v2 --assay examples/assays/abeta42-nucleation.csv --protein examples/assays/abeta42.fasta",
      "models retire v2 --stack dev",
      "models register v2",
    ],
  )
    .addArgument(new Argument("<action>", "what to do").choices(MODEL_ACTIONS))
    .addArgument(new Argument("[versions...]", "the version, or the two that are compared"))
    .option("--reason <text>", "with activate and rollback: why, recorded with who did it")
    .option("--force", "with activate and rollback: do it although the guard refuses; needs --reason")
    .addOption(
      new Option(
        "--margin <difference>",
        "with activate: how much lower the mean Spearman of the version may be; default: 0.02",
      ).argParser(readMargin),
    )
    .option(
      "--assay <file...>",
      "with compare and measure: deep mutational scans in the columns of ProteinGym or MaveDB",
    )
    .option("--protein <protein...>", "the proteins of assays without mutated_sequence, in their order")
    .addOption(
      new Option("--proteins <number>", "with compare: most proteins, the latest; default: 200").argParser((text) =>
        wholeNumber(text, 1, 100_000),
      ),
    )
    .option("--page <file>", "with compare: write an HTML page too")
    .option(
      "--workgroup <name>",
      "with compare: read the result store with this workgroup of Athena; default: the ledger",
    )
    .option("--copy <dir>", "with compare: read a copy of the result store in this folder")
    .action(async (action: ModelAction, versions: string[], options: ModelsOptions) => {
      const { runModels } = await import("../models/runModels.js");
      process.exitCode = await runModels(action, versions, options);
    });
}

function readMargin(text: string): number {
  const margin = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || margin > 2) throw new InvalidArgumentError("Allowed is a number from 0 to 2.");
  return margin;
}
