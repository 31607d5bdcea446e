import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { ToolsClient } from "../../client/tools.js";
import { PROGRAMS } from "../../local/twin/processes/programs.js";
import { startTwin } from "../../local/twin/start.js";
import { figure, median, type Figure } from "./figure.js";
import { generator } from "../../client/random.js";
import { randomProtein } from "./random.js";

/** Jobs that are measured, and jobs before them from which the service learns the speed of the model. */
const JOBS = 40;
const WARM_UP = 8;

/** Residues of the shortest and the longest protein: a factor of 25 between their times. */
const RESIDUES = [12, 60] as const;

/** Most jobs that are submitted at once. */
const LARGEST_BURST = 8;

/** What a caller experienced with one job, in seconds from its submission. */
interface Experience {
  readonly estimated: number;
  readonly actual: number;
  /** When the caller had the result, having waited as it was told. */
  readonly waited: number;
}

/**
 * How good the estimates are in a mixed run in the twin: proteins of different lengths, by themselves and in bursts. The
 * model is a synthetic checkpoint of the 120M shape, which takes as long as the published weights.
 */
export async function estimateFigures(): Promise<Figure[]> {
  const modelDir = mkdtempSync(path.join(tmpdir(), "bench-model-"));
  try {
    await promisify(execFile)(PROGRAMS.amplifyVep, ["synthesize", modelDir, "--shape", "120M"]);
    const twin = await startTwin({ modelDir });
    try {
      const tools = new ToolsClient(new LambdaClient(twin.clientConfig), String(twin.outputs["lambdaFunctionName"]));
      const random = generator();
      await mixedRun(tools, random, WARM_UP);
      return figuresOf(await mixedRun(tools, random, JOBS));
    } finally {
      await twin.stop();
    }
  } finally {
    rmSync(modelDir, { recursive: true });
  }
}

function figuresOf(experiences: readonly Experience[]): Figure[] {
  const errors = experiences.map(({ estimated, actual }) => Math.abs(estimated - actual) / actual);
  const costs = experiences.map(({ waited, actual }) => waited / actual);
  const run = `${JOBS} jobs of ${RESIDUES.join(" to ")} residues in bursts of 1 to ${LARGEST_BURST}`;
  return [
    figure(`|estimated - actual| / actual, median of ${run}`, median(errors), "x", "<= 0.3"),
    figure("waiting as told / the job's own time, median of the same", median(costs), "x", "<= 1.3"),
  ];
}

/** Submits jobs in bursts; each burst after the end of the one before. */
async function mixedRun(tools: ToolsClient, random: () => number, count: number): Promise<Experience[]> {
  const experiences: Experience[] = [];
  while (experiences.length < count) {
    const burst = Math.min(1 + Math.floor(random() * LARGEST_BURST), count - experiences.length);
    experiences.push(...(await Promise.all(Array.from({ length: burst }, () => scoreAsTold(tools, random)))));
  }
  return experiences;
}

/** Submits a protein, and asks for the result only when the answer before said so. */
async function scoreAsTold(tools: ToolsClient, random: () => number): Promise<Experience> {
  const [shortest, longest] = RESIDUES;
  const sequence = randomProtein(random, shortest + Math.floor(random() * (longest - shortest)));
  const submitted = Date.now();
  const since = (time: number): number => (time - submitted) / 1_000;
  const job = await tools.invokeEndpoint({ sequence });
  let pause = job.retry_after_seconds;
  for (;;) {
    await delay(pause * 1_000);
    const answer = await tools.getResults({ output_id: job.output_id, detail: "summary" });
    if (answer.status === "completed") {
      return {
        estimated: since(Date.parse(job.estimated_completion_time)),
        actual: since(Date.parse(answer.completion_time ?? "")),
        waited: since(Date.now()),
      };
    }
    if (answer.retry_after_seconds === null) throw new Error(`A job ended as ${answer.status}: ${answer.reason ?? ""}`);
    pause = answer.retry_after_seconds;
  }
}
