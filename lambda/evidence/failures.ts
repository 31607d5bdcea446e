import type { FailedSequence } from "../../contract/evidence.js";

/** Most failures in an answer, and most bytes of them: the data of a state has at most 256 KiB, and an error of more cannot be caught. */
const MOST = 200;
const MOST_BYTES = 60_000;

/** Failures as an answer has them: the first ones, and how many there are. */
export interface ListedFailures {
  readonly failed: readonly FailedSequence[];
  readonly failed_count: number;
}

/** The first failures, as many as the data of a state can have. */
export function listedFailures(all: readonly FailedSequence[]): ListedFailures {
  let bytes = 0;
  const failed = all.slice(0, MOST).filter((one) => (bytes += Buffer.byteLength(JSON.stringify(one))) <= MOST_BYTES);
  return { failed, failed_count: all.length };
}

/** How many failures are not listed, in words; undefined if all are. */
export function unlistedText({ failed, failed_count: count }: ListedFailures): string | undefined {
  const more = count - failed.length;
  return more > 0 ? `${more} more failed than are listed` : undefined;
}
