/** The subcommands that use results: of a file, of a job, or of a protein that is scored for it. */
import { Option, type Command } from "commander";
import { calling, dnaOption, modelOption, offsetOption, printing, scoringOption } from "./describe.js";
import { FORMATS } from "./exportFormats.js";
import type { ExportOptions } from "./export.js";
import type { ReportOptions } from "./report.js";
import type { ScoreOptions } from "./score.js";
import type { TargetOptions } from "./target.js";
import type { ValidateOptions } from "./validate.js";

/** Adds `score`, `validate`, `report`, `open`, `export` and `compare`. */
export function addResultCommands(vep: Command): void {
  printing(
    vep,
    "score <protein> <variants...>",
    "Scores variants that you name, or those of a CSV file: CSV with the column llr. The protein is a result of `vep predict`, the id of a job, a FASTA file of one record, a UniProt accession, or a sequence.",
    [
      "score P01308 K53A p.Arg46Gln",
      "score insulin.fasta variants.csv --out scored.csv",
      "score out/insulin.json 'F48A;F49A' --numbering-offset 24",
    ],
  )
    .addOption(scoringOption())
    .option("--column <name>", "column of the variants; default: mutant, hgvs_pro, variant, mutation or hgvs")
    .addOption(offsetOption())
    .addOption(dnaOption())
    .option("--out <file>", "where the CSV is written; default: standard output")
    .addOption(modelOption())
    .action(async (protein: string, variants: string[], options: ScoreOptions) => {
      const { scoreVariants } = await import("./score.js");
      process.exitCode = await scoreVariants(protein, variants, options);
    });

  printing(
    vep,
    "validate <assay>",
    "Compares scores with a deep mutational scan in the columns of ProteinGym or MaveDB, in which a higher value means fitter: Spearman's rank correlation with its 95 % interval, AUC, and the recall of the best tenth.",
    [
      "validate examples/assays/abeta42-nucleation.csv --protein examples/assays/abeta42.fasta --local",
      "validate BLAT_ECOLX_Stiffler_2015.csv",
      "validate urn_mavedb_00000001-a-1_scores.csv --protein P63279",
    ],
  )
    .option("--protein <protein>", "the protein, as in `vep score`; default: read from the column mutated_sequence")
    .addOption(scoringOption())
    .option("--column <name>", "column of the variants; default: mutant or hgvs_pro")
    .option("--score-column <name>", "column of the measurements; default: DMS_score or score")
    .addOption(offsetOption())
    .addOption(dnaOption())
    .addOption(modelOption())
    .action(async (assay: string, options: ValidateOptions) => {
      const { validateAssay } = await import("./validate.js");
      process.exitCode = await validateAssay(assay, options);
    });

  printing(vep, "report <result>", "Writes the heatmap of a result as one HTML page that needs no network.", [
    "report out/insulin.json --out insulin.html",
    "report 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9 --lambda-function dev-protein-agent-async-endpoint-lambda",
  ])
    .option("--out <file>", "the page; default: the name of the protein")
    .option("--name <name>", "title of the page")
    .action(async (result: string, options: ReportOptions) => {
      const { writeReport } = await import("./report.js");
      process.exitCode = await writeReport(result, options);
    });

  printing(vep, "open <result>", "Opens the heatmap of a result in the browser.", [
    "open out/insulin.json",
    "open 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
  ])
    .option("--out <file>", "the page; default: a temporary file")
    .option("--name <name>", "title of the page")
    .action(async (result: string, options: ReportOptions) => {
      const { openReport } = await import("./report.js");
      process.exitCode = await openReport(result, options);
    });

  calling(vep, "export <result>", "Writes a result as a file for other programs, to standard output or --out.", [
    "export out/insulin.json --format csv --out insulin.csv",
    "export out/insulin.json --format png --out insulin.png",
    "export out/insulin.json --format pdb --structure 4ins.pdb --out coloured.pdb",
  ])
    .addOption(
      new Option(
        "--format <format>",
        "what to write; pdb is the structure of --structure, in its own format, with the mean llr of each position as B-factor",
      )
        .choices(FORMATS)
        .default("csv"),
    )
    .option("--out <file>", "the file; default: standard output")
    .option("--structure <file>", "with --format pdb: a PDB or mmCIF file of the protein")
    .option("--chain <id>", "with --format pdb: the one chain to map; default: all that are the protein")
    .action(async (result: string, options: ExportOptions) => {
      const { exportResult } = await import("./export.js");
      process.exitCode = await exportResult(result, options);
    });

  printing(
    vep,
    "compare <first> <second>",
    "Compares two results of one protein: rank correlation, and the positions that differ most.",
    ["compare out/insulin-120M.json out/insulin-350M.json"],
  ).action(async (first: string, second: string, options: TargetOptions & { json?: boolean }) => {
    const { compareResults } = await import("./compare.js");
    process.exitCode = await compareResults(first, second, options);
  });
}
