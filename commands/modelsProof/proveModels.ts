import { setTimeout as delay } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { predict } from "../../client/predict.js";
import { wholeResult } from "../../client/results.js";
import { generator } from "../../client/random.js";
import { ToolsClient } from "../../client/tools.js";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { BASE_VERSION } from "../../contract/models.js";
import type { InvokeEndpointData } from "../../contract/tools.js";
import { startTwin, type Twin } from "../../local/twin/start.js";
import { activate, rollback } from "../models/activate.js";
import { DEFAULT_MARGIN } from "../models/activationGuard.js";
import { stackAccess, type StackAccess } from "../models/stackAccess.js";

/** The second version of the proof, and the id on the hub that its checkpoint takes the place of. */
const SECOND = "v2";
const SECOND_MODEL = "chandar-lab/AMPLIFY_120M";

/** Time between two submissions, in ms. */
const EVERY_MS = 250;

/** Long proteins that are submitted right before each change, so that jobs are in flight. */
const LONG = 4;
const LONG_RESIDUES = 500;

/** Submissions after the new version has answered first. */
const AFTER = 10;

/** Longest time until the chosen version answers, in seconds. */
export const GOAL_SECONDS = 60;

/** How the proof is run. */
export interface ProofOptions {
  /** Submissions before the first change. */
  readonly proteins: number;
  /** The same seed gives the same proteins. */
  readonly seed: number;
  /** Folders of the two checkpoints. */
  readonly modelDirs: readonly [string, string];
  readonly onProgress?: (message: string) => void;
}

/** What the proof found. */
export interface ModelsProof {
  readonly submitted: number;
  readonly completed: number;
  /** Submissions without a result. */
  readonly lost: number;
  /** Results that another version made than the answer, the ledger and the moment of submission say. */
  readonly wrong: number;
  /** Seconds from the command to the first submission that the chosen version got. */
  readonly activated_seconds: number;
  readonly rolled_back_seconds: number;
  /** Submissions that the version before got after the chosen one had answered. */
  readonly fell_back: number;
  /** Jobs that ran when the pointer changed, and which version answered them. */
  readonly in_flight: number;
  /** Requests that have another id than before, after the roll back. */
  readonly changed_ids: number;
  /** Requests that were computed again, after the roll back. */
  readonly computed_again: number;
}

interface Sent {
  readonly sequence: string;
  readonly job: InvokeEndpointData;
}

/**
 * Changes the active version twice while proteins are submitted, in the twin with two real model servers.
 *
 * @throws TwinError where the twin cannot start
 */
export async function proveModels(options: ProofOptions): Promise<ModelsProof> {
  const { modelDirs, onProgress = () => undefined } = options;
  const twin = await startTwin({
    modelDir: modelDirs[0],
    models: { [SECOND_MODEL]: modelDirs[1] },
    config: { models: JSON.stringify([{ name: SECOND, modelId: SECOND_MODEL }]) },
    onProgress,
  });
  try {
    return await new Proof(twin, options, onProgress).run();
  } finally {
    await twin.stop();
  }
}

class Proof {
  readonly #tools: ToolsClient;
  readonly #s3: S3Client;
  readonly #access: StackAccess;
  readonly #random: () => number;
  readonly #sent: Sent[] = [];
  readonly #report: (message: string) => void;
  readonly #proteins: number;

  constructor(twin: Twin, { proteins, seed }: ProofOptions, report: (message: string) => void) {
    const functionName = String(twin.outputs["lambdaFunctionName"]);
    this.#tools = new ToolsClient(new LambdaClient(twin.clientConfig), functionName);
    this.#s3 = new S3Client(twin.clientConfig);
    this.#access = stackAccess({
      tools: this.#tools,
      s3: this.#s3,
      functionName,
      clientConfig: twin.clientConfig,
      ownTwin: true,
      close: () => Promise.resolve(),
    });
    this.#random = generator(seed);
    this.#report = report;
    this.#proteins = proteins;
  }

  async run(): Promise<ModelsProof> {
    for (let number = 0; number < this.#proteins; number++) await this.#submit();
    const first = [...this.#sent];
    const change = { margin: DEFAULT_MARGIN, reason: "proof" };
    let inFlight = await this.#keepBusy();
    this.#report(`Activating ${SECOND} with ${inFlight} jobs in flight.`);
    const forth = await this.#until(SECOND, () => activate(SECOND, this.#access, change));
    inFlight += await this.#keepBusy();
    this.#report("Rolling back.");
    const back = await this.#until(BASE_VERSION, () => rollback(this.#access, change));
    const ends = await this.#ends();
    const again = await Promise.all(first.map(({ sequence }) => this.#tools.invokeEndpoint({ sequence })));
    return {
      submitted: this.#sent.length,
      completed: ends.completed,
      lost: this.#sent.length - ends.completed,
      wrong: ends.wrong,
      activated_seconds: forth.seconds,
      rolled_back_seconds: back.seconds,
      fell_back: forth.fellBack + back.fellBack,
      in_flight: inFlight,
      changed_ids: again.filter((job, index) => job.output_id !== first[index]?.job.output_id).length,
      computed_again: again.filter(({ cached }) => !cached).length,
    };
  }

  async #submit(length = 20 + Math.floor(this.#random() * 40)): Promise<Sent> {
    const residues = Array.from({ length }, () => AMINO_ACIDS.charAt(Math.floor(this.#random() * AMINO_ACIDS.length)));
    const sequence = residues.join("");
    const sent = { sequence, job: await this.#tools.invokeEndpoint({ sequence }) };
    this.#sent.push(sent);
    return sent;
  }

  /** Changes the pointer, and submits until the chosen version gets submissions, and some more. */
  async #until(version: string, act: () => Promise<unknown>): Promise<{ seconds: number; fellBack: number }> {
    const start = performance.now();
    await act();
    let seconds = Infinity;
    let fellBack = 0;
    for (let after = 0; after < AFTER;) {
      const { job } = await this.#submit();
      if (job.model_version === version) {
        if (seconds === Infinity) seconds = (performance.now() - start) / 1_000;
        after += 1;
      } else if (seconds < Infinity) fellBack += 1;
      if (seconds === Infinity && performance.now() - start > 2_000 * GOAL_SECONDS) break;
      await delay(EVERY_MS);
    }
    return { seconds, fellBack };
  }

  /** Submits long proteins. Returns how many jobs are in flight then. */
  async #keepBusy(): Promise<number> {
    for (let number = 0; number < LONG; number++) await this.#submit(LONG_RESIDUES);
    const latest = this.#sent.slice(-2 * LONG);
    const states = await Promise.all(latest.map(({ job }) => this.#tools.getResults({ output_id: job.output_id })));
    return states.filter(({ status }) => status === "in_progress").length;
  }

  /** Waits for every job, and compares who made its result with who should have. */
  async #ends(): Promise<{ completed: number; wrong: number }> {
    const revisions = new Map<string, string>();
    let [completed, wrong] = [0, 0];
    for (const { sequence, job } of this.#sent) {
      const { model_version: version = "" } = job;
      // Named, so that the same job is found whichever version is active now.
      const answer = await predict(this.#tools, { sequence, model: version });
      if (answer.status !== "completed") continue;
      completed += 1;
      const { model } = await wholeResult(answer, this.#s3);
      const expected = revisions.get(version) ?? model.revision;
      revisions.set(version, expected);
      const isOther = [...revisions].some(([name, revision]) => name !== version && revision === model.revision);
      const isRight =
        answer.output_id === job.output_id && answer.model_version === version && model.revision === expected;
      if (!isRight || isOther) wrong += 1;
    }
    return { completed, wrong };
  }
}
