/** `vep`: scores proteins, and reads jobs and results, in AWS or on the local twin. */
import { Command, InvalidArgumentError, Option } from "commander";
import { JOB_STATUSES, SCORINGS } from "../contract/jobs.js";
import { runProgram } from "./command.js";
import type { PredictOptions } from "./vep/predict.js";
import type { TargetOptions } from "./vep/target.js";

const MOST_AT_A_TIME = 50;

const vep = new Command("vep")
  .description(
    "Predicts the effects of protein variants. The llr is the log-likelihood ratio of the mutant to the wild type: below 0, less likely than the wild type; above 0, likelier.",
  )
  .helpOption("--help", "show this help")
  .helpCommand(false);

/** A subcommand that calls the tools. */
function calling(usage: string, summary: string, examples: readonly string[]): Command {
  return described(usage, summary, examples)
    .option("--local", "use the twin of `npm run local`; where none runs, start one for this call")
    .option("--stack <name>", "use the deployed stack of this name (needs the Pulumi CLI)")
    .option("--lambda-function <name>", "use this function of the tools; default: found in Systems Manager");
}

function described(usage: string, summary: string, examples: readonly string[]): Command {
  return vep
    .command(usage)
    .description(summary)
    .helpOption("--help", "show this help")
    .option("--json", "print JSON, and nothing else, on standard output")
    .addHelpText("after", `\nExamples:\n${examples.map((text) => `  vep ${text}`).join("\n")}`);
}

calling("predict <proteins...>", "Scores every substitution of proteins: submits, waits, shows, and saves.", [
  "predict MKTAYIAKQRQISFVKSHFSRQ --local",
  "predict proteins.fasta P01308 --out results",
])
  .addOption(new Option("--scoring <method>", "how proteins are scored").choices(SCORINGS).default(SCORINGS[0]))
  .option("--out <folder>", "where a file for each protein is written", "out")
  .option("--tag <tag...>", "tags by which `vep list` finds the jobs")
  .addOption(new Option("--at-a-time <number>", "proteins in work at a time").argParser(readCount).default(8))
  .option("--model <id>", "with --local, where it starts a twin: a folder, or a model of the Hugging Face hub")
  .action(async (proteins: string[], options: PredictOptions) => {
    const { predictProteins } = await import("./vep/predict.js");
    process.exitCode = await predictProteins(proteins, options);
  });

calling("get <output-id>", "Shows a job, and saves its result.", [
  "get 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9 --out results",
])
  .option("--out <folder>", "where the result of a completed job is written", "out")
  .action(async (id: string, options: TargetOptions & { out: string; json?: boolean }) => {
    const { getJob } = await import("./vep/jobs.js");
    process.exitCode = await getJob(id, options);
  });

calling("list", "Lists jobs, newest first.", ["list --status failed", "list --tag round-2 --limit 50"])
  .addOption(new Option("--status <status>", "only jobs with this status").choices(JOB_STATUSES))
  .option("--tag <tag>", "only submissions with this tag")
  .addOption(new Option("--limit <number>", "most jobs").argParser(readCount).default(20))
  .option("--next <token>", "where to continue: printed at the end of the last list")
  .action(async (options: TargetOptions & { status?: (typeof JOB_STATUSES)[number]; tag?: string; limit: number }) => {
    const { listJobs } = await import("./vep/jobs.js");
    process.exitCode = await listJobs(options);
  });

calling("cancel <output-id>", "Cancels a job that has not ended.", [
  "cancel 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
]).action(async (id: string, options: TargetOptions & { json?: boolean }) => {
  const { cancelJob } = await import("./vep/jobs.js");
  process.exitCode = await cancelJob(id, options);
});

calling("report <result>", "Writes the heatmap of a result as one HTML page that needs no network.", [
  "report out/insulin.json --out insulin.html",
  "report 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9 --lambda-function dev-protein-agent-async-endpoint-lambda",
])
  .option("--out <file>", "the page; default: the name of the protein")
  .option("--name <name>", "title of the page")
  .action(async (result: string, options: TargetOptions & { out?: string; name?: string; json?: boolean }) => {
    const { writeReport } = await import("./vep/report.js");
    process.exitCode = await writeReport(result, options);
  });

calling("export <result>", "Writes a result as a file for other programs, to standard output or --out.", [
  "export out/insulin.json --format csv --out insulin.csv",
])
  .addOption(
    new Option("--format <format>", "what to write").choices(["csv", "mave-hgvs", "json", "svg"]).default("csv"),
  )
  .option("--out <file>", "the file; default: standard output")
  .action(async (result: string, options: TargetOptions & { format: string; out?: string }) => {
    const { exportResult } = await import("./vep/export.js");
    process.exitCode = await exportResult(result, options);
  });

calling(
  "compare <first> <second>",
  "Compares two results of one protein: rank correlation, and the positions that differ most.",
  ["compare out/insulin-120M.json out/insulin-350M.json"],
).action(async (first: string, second: string, options: TargetOptions & { json?: boolean }) => {
  const { compareResults } = await import("./vep/compare.js");
  process.exitCode = await compareResults(first, second, options);
});

calling("mcp", "Serves the tools to agents: the Model Context Protocol on standard input and output.", [
  "mcp --lambda-function dev-protein-agent-async-endpoint-lambda",
])
  .option("--model <id>", "with --local, where it starts a twin: a folder, or a model of the Hugging Face hub")
  .action(async (options: TargetOptions) => {
    const { serveMcp } = await import("./vep/mcp.js");
    process.exitCode = await serveMcp(options);
  });

described("schema", "Prints the tools with the JSON Schemas of their arguments and answers.", ["schema > tools.json"])
  .option("--openapi", "print the HTTP API as a document of OpenAPI instead")
  .action(async ({ openapi }: { openapi?: boolean }) => {
    const [{ toolSchemas }, { openApi }] = await Promise.all([
      import("../contract/toolSchemas.js"),
      import("../contract/openApi.js"),
    ]);
    console.log(JSON.stringify(openapi ? openApi({ uploads: true }) : { tools: toolSchemas() }, undefined, 2));
  });

await runProgram(vep);

function readCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MOST_AT_A_TIME) {
    throw new InvalidArgumentError(`Allowed is a number from 1 to ${MOST_AT_A_TIME}.`);
  }
  return count;
}
