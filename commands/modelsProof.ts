/** `npm run models-proof`: the active model version changes and changes back while proteins are submitted to the local twin. */
import { writeFileSync } from "node:fs";
import { commandLine, readCount, runCommand } from "./command.js";

interface Options {
  readonly proteins: number;
  readonly seed: number;
  readonly json?: string;
}

const command = commandLine(
  "npm run models-proof",
  "Activates another model version and rolls back while proteins are submitted to the local twin, which serves both with " +
    "real model servers. Exits with 1 where a job is lost, the wrong version answers, an id changes, or the change takes " +
    "longer than 60 s.",
  ["--proteins 50 --seed 7", "--json proof.json"],
)
  .option("--proteins <number>", "proteins before the first change", readCount, 50)
  .option("--seed <number>", "the same seed gives the same proteins", readCount, 1)
  .option("--json <file>", "also write the figures to this file");

await runCommand(command, async () => {
  const { json, ...options } = command.opts<Options>();
  const [{ syntheticCheckpoint }, { proveModels }, { isGood, printProof }] = await Promise.all([
    import("../local/model.js"),
    import("./modelsProof/proveModels.js"),
    import("./modelsProof/printProof.js"),
  ]);
  const modelDirs = [await syntheticCheckpoint(), await syntheticCheckpoint(undefined, { seed: 1 })] as const;
  const proof = await proveModels({ ...options, modelDirs, onProgress: console.log });
  printProof(proof);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(proof, null, 2)}\n`);
  return isGood(proof) ? 0 : 1;
});
