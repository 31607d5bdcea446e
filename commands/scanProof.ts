/** `npm run scan-proof`: a scan in the local twin that is cancelled at half and started again. */
import { writeFileSync } from "node:fs";
import { commandLine, readCount, runCommand } from "./command.js";

interface Options {
  readonly proteins: number;
  readonly seed: number;
  readonly json?: string;
}

const command = commandLine(
  "npm run scan-proof",
  "Scans a FASTA file in the local twin, cancels the scan at half, and starts it again. Exits with 1 where the Parquet files " +
    "are not complete, or a finished protein is computed again.",
  ["--proteins 200 --seed 7", "--json proof.json"],
)
  .option("--proteins <number>", "number of proteins", readCount, 2000)
  .option("--seed <number>", "the same seed gives the same proteins", readCount, 1)
  .option("--json <file>", "also write the figures to this file");

await runCommand(command, async () => {
  const { json, ...options } = command.opts<Options>();
  const [{ syntheticCheckpoint }, { proveScan }, { isGood, printProof }] = await Promise.all([
    import("../local/model.js"),
    import("./scanProof/proveScan.js"),
    import("./scanProof/printProof.js"),
  ]);
  const proof = await proveScan({ ...options, modelDir: await syntheticCheckpoint(), onProgress: console.log });
  printProof(proof);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(proof, null, 2)}\n`);
  return isGood(proof) ? 0 : 1;
});
