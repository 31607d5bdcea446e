import { printRow } from "../faults/printRun.js";
import { GOAL_SECONDS, type ModelsProof } from "./proveModels.js";

/** Prints what the changes of the active version did. */
export function printProof(proof: ModelsProof): void {
  console.log("");
  printRow("submissions", proof.submitted);
  printRow("with a result", proof.completed, proof.submitted);
  printRow("lost", proof.lost, 0);
  printRow("answered by the wrong version", proof.wrong, 0);
  printRow("answered by the version before, after the chosen one had begun", proof.fell_back, 0);
  printRow("in flight when the pointer changed", proof.in_flight);
  printRow("old requests with another id after the roll back", proof.changed_ids, 0);
  printRow("old requests that were computed again", proof.computed_again, 0);
  console.log(
    `  the chosen version got submissions ${proof.activated_seconds.toFixed(1)} s after the activation and ` +
      `${proof.rolled_back_seconds.toFixed(1)} s after the roll back; the goal is ${GOAL_SECONDS} s`,
  );
}

/** Whether every goal is met. */
export function isGood(proof: ModelsProof): boolean {
  const { lost, wrong, fell_back, changed_ids, computed_again, in_flight } = proof;
  return (
    [lost, wrong, fell_back, changed_ids, computed_again].every((count) => count === 0) &&
    in_flight > 0 &&
    proof.activated_seconds <= GOAL_SECONDS &&
    proof.rolled_back_seconds <= GOAL_SECONDS
  );
}
