import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { predict } from "../../client/predict.js";
import { ToolsClient } from "../../client/tools.js";
import { Processes } from "../../local/twin/processes/processes.js";
import { PROGRAMS } from "../../local/twin/processes/programs.js";
import { startModelServer } from "../../local/twin/sagemaker/modelServer.js";
import { startTwin } from "../../local/twin/start.js";
import { figure, median, type Figure } from "./figure.js";
import { generator } from "../../client/random.js";
import { randomProtein } from "./random.js";

const PROTEINS = 20;
const RESIDUES = 64;
const PAIRS = 3;
const WARM_UP = 4;
const AT_A_TIME = 4;

/** Scores one protein, from the request to the answer. */
type Score = (sequence: string) => Promise<void>;

/**
 * Ratio of two times: 20 proteins through the twin (tools, ledger, S3, queue), and 20 proteins posted directly to a model
 * server, with the same concurrency. The runs alternate, after one warm-up each. The model is a synthetic checkpoint of
 * the 120M shape, which takes as long as the published weights.
 */
export async function endToEndFigures(): Promise<Figure[]> {
  const modelDir = mkdtempSync(path.join(tmpdir(), "bench-model-"));
  const processes = new Processes();
  try {
    await promisify(execFile)(PROGRAMS.amplifyVep, ["synthesize", modelDir, "--shape", "120M"]);
    const twin = await startTwin({ modelDir, config: { maxConcurrentInvocations: String(AT_A_TIME) } });
    try {
      const lambda = new LambdaClient(twin.clientConfig);
      const tools = new ToolsClient(lambda, String(twin.outputs["lambdaFunctionName"]));
      return await compare(throughTools(tools), await bareModel(processes, modelDir));
    } finally {
      await twin.stop();
    }
  } finally {
    await processes.stop();
    rmSync(modelDir, { recursive: true });
  }
}

async function compare(twin: Score, bare: Score): Promise<Figure[]> {
  const random = generator();
  const measure = (score: Score, count = PROTEINS): Promise<number> => secondsOf(score, proteins(random, count));
  await measure(bare, WARM_UP);
  await measure(twin, WARM_UP);
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const alone = await measure(bare);
    ratios.push((await measure(twin)) / alone);
  }
  const name = `end to end through the twin / bare model, ${PROTEINS} proteins of ${RESIDUES} residues`;
  return [figure(name, median(ratios), "x", "<= 1.2")];
}

function throughTools(tools: ToolsClient): Score {
  return async (sequence) => {
    const { status, reason } = await predict(tools, { sequence });
    if (status !== "completed") throw new Error(`A job ended as ${status}: ${reason ?? "no reason given"}`);
  };
}

async function bareModel(processes: Processes, modelDir: string): Promise<Score> {
  const { url } = await startModelServer({
    processes,
    command: PROGRAMS.amplifyVep,
    modelDir,
    containerEnvironment: {},
  });
  return async (sequence) => {
    const response = await fetch(`${url}/invocations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ sequence }),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`The model answered ${response.status}: ${body}`);
  };
}

/** Scores proteins, some at a time, and gives the seconds from the first request to the last answer. */
async function secondsOf(score: Score, sequences: string[]): Promise<number> {
  const waiting = [...sequences];
  const started = performance.now();
  const worker = async (): Promise<void> => {
    for (let sequence = waiting.pop(); sequence !== undefined; sequence = waiting.pop()) await score(sequence);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return (performance.now() - started) / 1000;
}

/** Proteins that were never scored before: a finished job is answered from the ledger. */
function proteins(random: () => number, count: number): string[] {
  return Array.from({ length: count }, () => randomProtein(random, RESIDUES));
}
