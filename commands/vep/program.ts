import { Command } from "commander";
import { examplesText } from "./describe.js";
import { addEvidenceCommands } from "./evidenceCommands.js";
import { addJobCommands } from "./jobCommands.js";
import { addModelCommands } from "./modelCommands.js";
import { addOperationsCommands } from "./operationsCommands.js";
import { addOtherCommands } from "./otherCommands.js";
import { addPlanningCommands } from "./planningCommands.js";
import { addResultCommands } from "./resultCommands.js";
import { addSourceCommands } from "./sourceCommands.js";

/** The `vep` command with all its subcommands. */
export function vepProgram(): Command {
  const vep = new Command("vep")
    .description(
      "Predicts the effects of protein variants. The llr is the log-likelihood ratio of the mutant to the wild type: below 0, less likely than the wild type; above 0, likelier.",
    )
    .helpOption("--help", "show this help")
    .helpCommand(false)
    .addHelpText(
      "after",
      examplesText(["predict MKTAYIAKQRQISFVKSHFSRQ --local", "score P01308 K53A", "open out/P01308.json"]),
    );
  addJobCommands(vep);
  addResultCommands(vep);
  addEvidenceCommands(vep);
  addModelCommands(vep);
  addPlanningCommands(vep);
  addOperationsCommands(vep);
  addOtherCommands(vep);
  addSourceCommands(vep);
  return vep;
}
