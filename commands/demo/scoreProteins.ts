import { writeFileSync } from "node:fs";
import path from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import chalk from "chalk";
import { Listr, type DefaultRenderer, type ListrTaskWrapper, type SimpleRenderer } from "listr2";
import { SIGN } from "../../client/score.js";
import { renderProteins, type ScoredProtein } from "../../client/terminal/proteinTable.js";
import { ToolsClient } from "../../client/tools.js";
import type { FastaText } from "../../contract/fasta.js";
import type { Scoring } from "../../contract/jobs.js";
import { prepareModel, type PreparedModel } from "../../local/model.js";
import { startTwin, type Twin } from "../../local/twin/start.js";
import { printResult } from "../scoring/printResult.js";
import { scoredText, scoreProtein } from "../scoring/scoreProtein.js";

/** Proteins submitted at a time: the default number of concurrent invocations of one instance. */
const AT_A_TIME = 4;

/** Largest number of proteins whose heatmaps are printed. */
const MOST_HEATMAPS = 3;

/** What the demo scores, and how. */
export interface DemoOptions {
  readonly proteins: readonly FastaText[];
  /** A folder or a hub id; undefined: AMPLIFY_120M, or a synthetic checkpoint where the hub cannot be reached. */
  readonly model: string | undefined;
  readonly scoring: Scoring;
  /** Folder for the results. */
  readonly out: string;
}

interface Scored extends ScoredProtein {
  /** Index of the protein in `DemoOptions.proteins`. */
  readonly index: number;
}

interface Context {
  model?: PreparedModel;
  twin?: Twin;
  readonly scored: Scored[];
}

type Task = ListrTaskWrapper<Context, typeof DefaultRenderer, typeof SimpleRenderer>;

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is not ready.`);
  return value;
}

function nameOf(protein: FastaText, index: number): string {
  return protein.name ?? `protein ${index + 1}`;
}

async function scoreOne(context: Context, index: number, options: DemoOptions, task: Task): Promise<void> {
  const protein = required(options.proteins[index], "The protein");
  const twin = required(context.twin, "The twin");
  const title = task.title;
  const scorer = {
    tools: new ToolsClient(new LambdaClient(twin.clientConfig), String(twin.outputs["lambdaFunctionName"])),
    s3: new S3Client({ ...twin.clientConfig, forcePathStyle: true }),
  };
  const submission = { sequence: protein.text, scoring: options.scoring };
  const scored = await scoreProtein(scorer, submission, {
    onProgress: ({ phase, elapsedSeconds }) => (task.title = `${title}: ${phase}, ${elapsedSeconds.toFixed(0)} s`),
  });
  const file = path.join(options.out, `${scored.outputId}.json`);
  writeFileSync(file, JSON.stringify(scored.result));
  context.scored.push({ index, name: title, result: scored.result, file });
  task.title = `${title}: ${scoredText(scored)}`;
}

function scoring(context: Context, task: Task, options: DemoOptions): Listr<Context> {
  const proteins = options.proteins.map((protein, index) => ({
    title: nameOf(protein, index),
    task: (_: Context, subtask: Task) => scoreOne(context, index, options, subtask),
  }));
  const settings = { concurrent: AT_A_TIME, exitOnError: false, rendererOptions: { collapseSubtasks: false } };
  return task.newListr<Context>(proteins, settings) as Listr<Context>;
}

function tasks(options: DemoOptions): Listr<Context> {
  return new Listr<Context>(
    [
      {
        title: "Prepare the model",
        task: async (context, task) => {
          context.model = await prepareModel(options.model, (text) => (task.output = text));
          task.title = `Model ready: ${context.model.id} (${context.model.weights} weights)`;
        },
      },
      {
        title: "Deploy the program to the local twin",
        task: async (context, task) => {
          const model = required(context.model, "The model");
          const onProgress = (text: string): void => {
            // A terminal shows the latest line; a log would keep one for each of the program's resources.
            if (process.stdout.isTTY) task.output = text;
          };
          context.twin = await startTwin({ modelDir: model.dir, onProgress, onResource: onProgress });
          task.title = `Deployed to the local twin at ${context.twin.endpointUrl}`;
        },
      },
      {
        title: "Score",
        task: (context, task) => scoring(context, task, options),
      },
    ],
    { collectErrors: "minimal", rendererOptions: { collapseErrors: false } },
  );
}

/** One protein with its heatmap, as people look at it. */
function show({ name, result, file }: Scored): void {
  console.log(`\n${chalk.bold(name)}, ${result.sequence_length} residues, ${result.scoring}, ${result.model.id}`);
  printResult(result);
  console.log(`Full result: ${file}`);
}

/**
 * Deploys the program to the local twin, scores the proteins and prints the results.
 *
 * @returns the exit code: 0 only when every protein was scored
 */
export async function scoreProteins(options: DemoOptions): Promise<number> {
  const context: Context = { scored: [] };
  try {
    await tasks(options).run(context);
  } finally {
    await context.twin?.stop();
  }
  const scored = context.scored.toSorted((a, b) => a.index - b.index);
  if (options.proteins.length <= MOST_HEATMAPS) scored.forEach(show);
  if (options.proteins.length > 1 && scored.length > 0) console.log(`\n${renderProteins(scored)}`);
  if (options.proteins.length > MOST_HEATMAPS && scored.length > 0) console.log(`\nllr ${SIGN}.`);
  if (scored[0]) console.log(`\nweights: ${scored[0].result.model.weights}`);
  if (context.model?.notice) console.error(`\n${chalk.black.bgYellow(context.model.notice)}`);
  const missing = options.proteins.length - context.scored.length;
  if (missing > 0) console.error(`\n${missing} of ${options.proteins.length} proteins could not be scored; see above.`);
  return missing > 0 ? 1 : 0;
}
