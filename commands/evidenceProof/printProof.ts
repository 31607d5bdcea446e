import type { Proof } from "./proveEvidence.js";

/** Prints the figures of a proof. */
export function printProof(proof: Proof): void {
  const lines = [
    `proteins              ${proof.proteins} (seed ${proof.seed})`,
    `completed workflows   ${proof.completed}`,
    `rows                  ${proof.rows}`,
    `invented rows         ${proof.invented}`,
    `missing rows          ${proof.missing}`,
    `without provenance    ${proof.withoutProvenance}`,
    `failures              ${proof.failures}, of which ${proof.named} are named with a reason`,
    `rows that do not fit  ${proof.misfits}, of which ${proof.refused} were refused`,
    `alignments            ${proof.alignments}, of which ${proof.aligned} succeeded`,
    `time                  ${proof.seconds.toFixed(0)} s`,
    ...proof.examples,
    ...proof.notCompleted,
  ];
  console.log(`\n${lines.join("\n")}`);
}
