import { InputError } from "../../contract/errors.js";
import type { JobRequest } from "../../contract/jobs.js";
import { MAX_INVOCATION_SECONDS } from "../../contract/limits.js";
import { parsePositions } from "../../contract/positions.js";
import { parseVariant } from "../../contract/variants.js";
import { modelSeconds } from "./estimate.js";

/**
 * Number of masked copies of the protein that the model reads for a request: one for each scored position, and with
 * `joint` one for each set of sites of a multiple mutant. 0 for wt-marginals, which masks nothing.
 */
export function maskedCopies(request: JobRequest): number {
  const { sequence, scoring, positions, joint = false, numbering_offset: offset } = request;
  if (scoring === "wt-marginals") return 0;
  const variants = (request.variants ?? []).map(parseVariant);
  const together = variants.filter((variant) => joint && variant.length > 1);
  const jointSites = new Set(together.map((variant) => variant.map(({ position }) => position).join()));
  if (positions === undefined) return sequence.length + jointSites.size;
  const scored = new Set(
    variants.filter((variant) => !together.includes(variant)).flatMap((sites) => sites.map(({ position }) => position)),
  );
  for (const { first, last } of parsePositions(positions, sequence.length, offset)) {
    for (let position = first; position <= last; position++) scored.add(position);
  }
  return scored.size + jointSites.size;
}

/**
 * Refuses a request that the model cannot finish in the time of one invocation.
 *
 * @param maxInvocationSeconds that time, in seconds
 * @throws InputError `JOB_TOO_LONG` with the estimate, the limit, and ways to make the job shorter
 */
export function refuseLongJob(request: JobRequest, maxInvocationSeconds: number): void {
  const length = request.sequence.length;
  const work = { sequence_length: length, scoring: request.scoring, masked_copies: maskedCopies(request) };
  const seconds = Math.ceil(modelSeconds(work));
  if (seconds <= maxInvocationSeconds) return;
  const operator =
    maxInvocationSeconds < MAX_INVOCATION_SECONDS
      ? ` The operator of the stack can raise maxInvocationSeconds to at most ${MAX_INVOCATION_SECONDS}.`
      : "";
  throw new InputError(
    "JOB_TOO_LONG",
    `The model would take about ${seconds} s for ${work.masked_copies} masked copies of ${length} residues; one job ` +
      `may take ${maxInvocationSeconds} s. Send fewer positions, one domain of the protein, or scoring wt-marginals, ` +
      `which takes seconds.${operator}`,
    { details: { estimated_seconds: seconds, limit_seconds: maxInvocationSeconds } },
  );
}
