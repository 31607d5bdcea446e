import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { WorkflowsClient } from "../../client/workflows.js";
import { outputIdOf } from "../../contract/jobs.js";
import { startTwin, type Twin } from "../../local/twin/start.js";
import { jobOf } from "../faults/scoreCount.js";
import { startStandIn } from "../faults/standInModel.js";
import { checkTable, type Checked, type Counts } from "./checkTable.js";
import { proofProteins, type ProofProtein } from "./proofProteins.js";
import { startSourceServer } from "./sourceServer.js";

export interface ProofOptions {
  readonly proteins: number;
  readonly seed: number;
  /** Folder of a checkpoint; only its description is used. */
  readonly modelDir: string;
  /** Called with one sentence for each part of the run. */
  readonly onProgress?: (message: string) => void;
}

/** The figures of a proof: sums over all proteins. */
export interface Proof extends Counts {
  /** Rows that no source gave, for people: at most three a protein. */
  readonly examples: readonly string[];
  readonly proteins: number;
  readonly seed: number;
  /** Workflows that completed. */
  readonly completed: number;
  /** Workflows that did not, with their reason. */
  readonly notCompleted: readonly string[];
  /** Alignments that were asked for, and those that gave a conservation. */
  readonly alignments: number;
  readonly aligned: number;
  readonly seconds: number;
}

/** Workflows at the same time: more would wait for the rates of the sources until they give up. */
const AT_A_TIME = 4;

/** Time of the stand-in of the model for a protein, and time between two looks at a workflow, in ms. */
const MODEL_MS = 5;
const LOOK_EVERY_MS = 500;

/**
 * Runs a workflow for each protein in the local twin, through the real functions and the state machine. The sources are a
 * server on this machine that fails as the seed says.
 */
export async function proveEvidence(options: ProofOptions): Promise<Proof> {
  const report = options.onProgress ?? (() => undefined);
  const proteins = proofProteins(options.proteins, options.seed);
  const server = await startSourceServer(proteins);
  Object.assign(process.env, server.environment);
  const failing = new Set<string>();
  const started = Date.now();
  const twin = await startTwin({
    modelDir: options.modelDir,
    config: { evidence: "true" },
    launch: () =>
      startStandIn({
        behaviour: (id) => ({ afterMs: MODEL_MS, status: failing.has(jobOf(id)) ? 500 : 200 }),
        onAnswer: () => undefined,
      }),
  });
  try {
    for (const { modelFails, sequence } of proteins) {
      if (!modelFails) continue;
      failing.add(outputIdOf({ sequence, scoring: "masked-marginals" }, twin.model.model_version));
    }
    report(`The twin is ready; ${proteins.length} workflows begin.`);
    const ended = await inTurns(proteins, (protein) => runWorkflow(protein, clientOf(twin)), report);
    if (server.unknown.length > 0)
      throw new Error(`The sources were asked for something else: ${server.unknown.join("; ")}`);
    return summed(ended, proteins, { ...options, seconds: (Date.now() - started) / 1_000 });
  } finally {
    await twin.stop();
    server.close();
    for (const name of Object.keys(server.environment)) Reflect.deleteProperty(process.env, name);
  }
}

/** How the workflow of one protein ended. */
type Ended = { readonly checked: Checked; readonly aligned: boolean } | { readonly reason: string };

function clientOf({ clientConfig, outputs }: Twin): WorkflowsClient {
  const s3 = new S3Client({ ...clientConfig, forcePathStyle: true });
  return new WorkflowsClient(new LambdaClient(clientConfig), s3, String(outputs["workflowFunctionName"]));
}

async function runWorkflow(protein: ProofProtein, client: WorkflowsClient): Promise<Ended> {
  const { accession, homologue, sequence } = protein;
  const { workflow_id: id } = await client.start({
    sequence,
    accession,
    name: accession,
    ...(homologue !== undefined && { homologues: `>homologue\n${homologue}\n` }),
  });
  const { status, reason = "" } = await client.ended(id, { everyMs: LOOK_EVERY_MS });
  if (status !== "completed") return { reason: `${accession}: ${status}, ${reason}` };
  const table = await client.table(id);
  return { checked: checkTable(table, protein), aligned: table.alignment.status === "ok" };
}

async function inTurns(
  proteins: readonly ProofProtein[],
  run: (protein: ProofProtein) => Promise<Ended>,
  report: (message: string) => void,
): Promise<Ended[]> {
  const ended: Ended[] = [];
  const left = [...proteins];
  const work = async (): Promise<void> => {
    for (let protein = left.shift(); protein !== undefined; protein = left.shift()) {
      ended.push(await run(protein));
      if (ended.length % 10 === 0) report(`${ended.length} workflows have ended.`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return ended;
}

function summed(
  ended: readonly Ended[],
  proteins: readonly ProofProtein[],
  { seed, seconds }: { readonly seed: number; readonly seconds: number },
): Proof {
  const done = ended.flatMap((one) => ("checked" in one ? [one] : []));
  const total = (key: keyof Counts): number => done.reduce((sum, { checked }) => sum + checked[key], 0);
  return {
    proteins: proteins.length,
    seed,
    completed: done.length,
    notCompleted: ended.flatMap((one) => ("reason" in one ? [one.reason] : [])),
    examples: done.flatMap(({ checked }) => checked.examples),
    rows: total("rows"),
    invented: total("invented"),
    missing: total("missing"),
    withoutProvenance: total("withoutProvenance"),
    failures: total("failures"),
    named: total("named"),
    misfits: total("misfits"),
    refused: total("refused"),
    alignments: proteins.filter(({ homologue }) => homologue !== undefined).length,
    aligned: done.filter(({ aligned }) => aligned).length,
    seconds,
  };
}

/** Whether a proof shows what it should. */
export function isGood(proof: Proof): boolean {
  const { proteins, completed, invented, missing, withoutProvenance, failures, named, misfits, refused } = proof;
  const nothingWrong = invented === 0 && missing === 0 && withoutProvenance === 0;
  return (
    completed === proteins &&
    nothingWrong &&
    named === failures &&
    refused === misfits &&
    proof.aligned === proof.alignments
  );
}
