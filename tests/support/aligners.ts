import { spawnSync } from "node:child_process";
import { installCommand, type Aligner } from "../../lambda/evidence/alignment/aligner.js";

/** Why tests that run an aligner are skipped; undefined where it is installed. */
export function alignerMissing(aligner: Aligner): string | undefined {
  const { error } = spawnSync(aligner, ["--version"], { stdio: "ignore" });
  return error === undefined ? undefined : `skipped, because ${aligner} is not installed: ${installCommand(aligner)}`;
}
