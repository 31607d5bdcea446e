/** `npm run evidence-proof`: workflows in the local twin whose sources fail at random. */
import { writeFileSync } from "node:fs";
import { commandLine, readCount, runCommand } from "./command.js";

interface Options {
  readonly proteins: number;
  readonly seed: number;
  readonly json?: string;
}

const command = commandLine(
  "npm run evidence-proof",
  "Gathers the evidence for proteins in the local twin, from synthetic sources that fail at random. Exits with 1 where a row " +
    "is invented, missing or without its provenance, or a failure is not named.",
  ["--proteins 20 --seed 7", "--json proof.json"],
)
  .option("--proteins <number>", "number of proteins", readCount, 100)
  .option("--seed <number>", "the same seed gives the same proteins and failures", readCount, 1)
  .option("--json <file>", "also write the figures to this file");

await runCommand(command, async () => {
  const { json, ...options } = command.opts<Options>();
  const [{ syntheticCheckpoint }, { isGood, proveEvidence }, { printProof }] = await Promise.all([
    import("../local/model.js"),
    import("./evidenceProof/proveEvidence.js"),
    import("./evidenceProof/printProof.js"),
  ]);
  const proof = await proveEvidence({ ...options, modelDir: await syntheticCheckpoint(), onProgress: console.log });
  printProof(proof);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(proof, null, 2)}\n`);
  return isGood(proof) ? 0 : 1;
});
