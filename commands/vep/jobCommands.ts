/** The subcommands that submit, read and cancel jobs. Each loads its code when it is called: help must be fast. */
import { Option, type Command } from "commander";
import { JOB_STATUSES } from "../../contract/jobs.js";
import { dnaOption, modelOption, printing, readJobCount, scoringOption } from "./describe.js";
import type { PredictOptions } from "./predict.js";
import type { TargetOptions } from "./target.js";

const ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

/** Adds `predict`, `get`, `list` and `cancel`. */
export function addJobCommands(vep: Command): void {
  printing(vep, "predict <proteins...>", "Scores every substitution of proteins: submits, waits, shows, and saves.", [
    "predict MKTAYIAKQRQISFVKSHFSRQ --local",
    "predict proteins.fasta P01308 --out results",
  ])
    .addOption(scoringOption())
    .option("--out <folder>", "where a file for each protein is written", "out")
    .option("--tag <tag...>", "tags by which `vep list` finds the jobs")
    .option(
      "--model-version <name>",
      "the model version that scores, where the stack has several; default: the active one",
    )
    .addOption(dnaOption())
    .addOption(new Option("--at-a-time <number>", "proteins in work at a time").argParser(readJobCount).default(8))
    .addOption(modelOption())
    .action(async (proteins: string[], options: PredictOptions) => {
      const { predictProteins } = await import("./predict.js");
      process.exitCode = await predictProteins(proteins, options);
    });

  printing(vep, "get <output-id>", "Shows a job, and saves its result.", [`get ${ID} --out results`])
    .option("--out <folder>", "where the result of a completed job is written", "out")
    .action(async (id: string, options: TargetOptions & { out: string; json?: boolean }) => {
      const { getJob } = await import("./jobs.js");
      process.exitCode = await getJob(id, options);
    });

  printing(vep, "list", "Lists jobs, newest first.", ["list --status failed", "list --tag round-2 --limit 50"])
    .addOption(new Option("--status <status>", "only jobs with this status").choices(JOB_STATUSES))
    .option("--tag <tag>", "only submissions with this tag")
    .addOption(new Option("--limit <number>", "most jobs").argParser(readJobCount).default(20))
    .option("--next <token>", "where to continue: printed at the end of the last list")
    .action(
      async (options: TargetOptions & { status?: (typeof JOB_STATUSES)[number]; tag?: string; limit: number }) => {
        const { listJobs } = await import("./jobs.js");
        process.exitCode = await listJobs(options);
      },
    );

  printing(vep, "cancel <output-id>", "Cancels a job that has not ended.", [`cancel ${ID}`]).action(
    async (id: string, options: TargetOptions & { json?: boolean }) => {
      const { cancelJob } = await import("./jobs.js");
      process.exitCode = await cancelJob(id, options);
    },
  );
}
