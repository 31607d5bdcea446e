import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { MODELS_FOLDER, PROGRAMS } from "../../local/twin/processes/programs.js";

/** Writes the synthetic checkpoint, unless it exists: the twin describes it, but a stand-in answers in its stead. */
export async function prepareStandIn(): Promise<string> {
  const dir = path.join(MODELS_FOLDER, "synthetic");
  if (!existsSync(dir)) await promisify(execFile)(PROGRAMS.amplifyVep, ["synthesize", dir]);
  return dir;
}
