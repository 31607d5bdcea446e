/** `npm run fasta-proof`: a FASTA file of many proteins through the local twin, uploaded twice, with doubled events. */
import { writeFileSync } from "node:fs";
import { commandLine, readCount, runCommand } from "./command.js";

interface Options {
  readonly records: number;
  readonly seed: number;
  readonly json?: string;
}

const command = commandLine(
  "npm run fasta-proof",
  "Uploads a FASTA file to the local twin twice, while 5 % of the events are doubled and 5 % reordered, and compares its " +
    "jobs with a record of its own. The model is a stand-in. Exits with 1 where a job is lost, or scored twice.",
  ["--records 500", "--json proof.json"],
)
  .option("--records <number>", "number of proteins, at most 10,000", readCount, 10_000)
  .option("--seed <number>", "the same seed doubles the same events, as far as timing allows", readCount, 1)
  .option("--json <file>", "also write {records, completed, lost, double, seconds, ...} to this file");

await runCommand(command, async () => {
  const { json, ...options } = command.opts<Options>();
  const [{ proveFasta }, { isProven, printProof }] = await Promise.all([
    import("./fastaProof/proveFasta.js"),
    import("./fastaProof/printProof.js"),
  ]);
  const proof = await proveFasta(options, console.log);
  printProof(proof);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(proof, null, 2)}\n`);
  return isProven(proof) ? 0 : 1;
});
