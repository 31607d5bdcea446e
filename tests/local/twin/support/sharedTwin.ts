import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { MODELS_FOLDER, PROGRAMS } from "../../../../local/twin/processes/programs.js";
import { startTwin, type Twin } from "../../../../local/twin/start.js";

/** The checkpoint that every test of the twin serves. */
export const MODEL_DIR = path.join(MODELS_FOLDER, "synthetic");

let twin: Promise<Twin> | undefined;

/** Writes the synthetic checkpoint, unless it exists. */
export function prepareCheckpoint(): void {
  if (!existsSync(MODEL_DIR)) execFileSync(PROGRAMS.amplifyVep, ["synthesize", MODEL_DIR]);
}

/** One twin for all tests that change none of its settings. */
export function sharedTwin(): Promise<Twin> {
  prepareCheckpoint();
  return (twin ??= startTwin({ modelDir: MODEL_DIR }));
}

// At the top level of an imported file, this runs once after all tests.
after(async () => {
  await (await twin)?.stop();
});
