/** `npm run demo`: the whole path on this machine, from a sequence to a heatmap. */
import { Option } from "commander";
import { SCORINGS, type Scoring } from "../contract/jobs.js";
import { commandLine, runCommand } from "./command.js";
import { DEMO_SEQUENCE, fastaProteins, prepareFolder, singleProtein } from "./demo/arguments.js";

interface Options {
  readonly sequence?: string;
  readonly fasta?: string;
  readonly model?: string;
  readonly scoring: Scoring;
  readonly out: string;
}

const command = commandLine(
  "npm run demo",
  "Deploys the program to emulated AWS on this machine, scores proteins, and shows each result as a heatmap.",
  ["--sequence MKTAYIAKQRQISFVKSHFSRQ", "--fasta proteins.fasta --out results"],
)
  .addOption(new Option("--sequence <residues>", "one protein; default: 65 residues of a transcription regulator"))
  .addOption(new Option("--fasta <file>", "a FASTA file; every record is scored").conflicts("sequence"))
  .option("--model <id>", "a folder, or a model of the Hugging Face hub; default: chandar-lab/AMPLIFY_120M")
  .addOption(new Option("--scoring <method>", "how proteins are scored").choices(SCORINGS).default(SCORINGS[0]))
  .option("--out <folder>", "where <output_id>.json is written", "out");

await runCommand(command, async () => {
  const { sequence = DEMO_SEQUENCE, fasta, model, scoring, out } = command.opts<Options>();
  const proteins = fasta === undefined ? [singleProtein(sequence)] : fastaProteins(fasta);
  prepareFolder(out);
  const { scoreProteins } = await import("./demo/scoreProteins.js");
  return scoreProteins({ proteins, model, scoring, out });
});
