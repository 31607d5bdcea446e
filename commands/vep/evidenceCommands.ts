/** The subcommands that gather evidence beside the scores. */
import { Option, type Command } from "commander";
import type { AlignOptions } from "./align.js";
import type { ExplainOptions } from "./explain.js";
import { SOURCE_GROUPS } from "../../contract/evidence.js";
import { readCount } from "../command.js";
import { described, JSON_OPTION, modelOption, printing } from "./describe.js";

/** Adds `explain` and `align`. */
export function addEvidenceCommands(vep: Command): void {
  printing(
    vep,
    "explain [protein]",
    "Gathers what is known about a protein (accession, sequence or FASTA file) beside its scores: conservation, annotations, known variants, each with its source. A sequence is sent to no source unless you say so. Research use only.",
    ["explain P01308 --variants K53A --out insulin.html", "explain protein.fasta --homologues family.fasta --local"],
  )
    .option("--variants <list>", "substitutions such as K10A, with commas")
    .option("--accession <id>", "UniProt entry whose evidence is asked for, beside your own sequence")
    .option("--homologues <file>", "FASTA file of proteins that are aligned with this one")
    .option("--regions <file>", "JSON file with regions of genomes")
    .addOption(new Option("--aligner <name>", "program that aligns").choices(["clustalo", "mafft"]))
    .addOption(new Option("--sources <group...>", "only these groups of sources").choices(SOURCE_GROUPS))
    .option("--share-sequence", "allow that the sequence itself is sent to sources")
    .option("--no-score", "leave the model out")
    .option("--name <text>", "name of the protein")
    .option("--out <file>", "write the heatmap with the evidence as an HTML page")
    .addOption(new Option("--rows <number>", "most rows that are shown").argParser(readCount).default(40))
    .addOption(modelOption())
    .action(async (protein: string | undefined, options: ExplainOptions) => {
      const { explainProtein } = await import("./explain.js");
      process.exitCode = await explainProtein(protein, options);
    });

  described(
    vep,
    "align",
    "Makes the proteins of regions of genomes, with variants embedded, aligns them, and measures their conservation. Needs Clustal Omega or MAFFT on this machine, and no AWS. Research use only.",
    [
      "align --regions regions.json --out out/alignment",
      "align --fasta homologues.fasta --aligner mafft --out out/alignment",
    ],
  )
    .option("--regions <file>", "JSON file with the regions of each protein")
    .option("--fasta <file>", "FASTA file of proteins, instead of regions")
    .option("--out <dir>", "folder for the files", "out/alignment")
    .addOption(new Option("--aligner <name>", "program that aligns").choices(["clustalo", "mafft"]).default("clustalo"))
    .option("--reference <name>", "sequence whose positions the conservation has; default: the first one")
    .option("--json", JSON_OPTION)
    .action(async (options: AlignOptions) => {
      const { alignProteins } = await import("./align.js");
      process.exitCode = await alignProteins(options);
    });
}
