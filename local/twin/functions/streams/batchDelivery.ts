import type { GivenUp, GivenUpFor } from "./failureDestination.js";
import type { StreamRecord } from "./stream.js";

/** How Lambda treats a batch that failed. */
export interface RetryRules {
  /** Whether a failed batch is split in two. */
  readonly bisects: boolean;
  /** Most retries of a batch; -1 retries until its records expire. */
  readonly maxRetries: number;
  /** Age at which a record is given up, in milliseconds; -1 for none. */
  readonly maxAgeMs: number;
}

/** What happened to one call of the function. */
export type Delivered =
  | { readonly kind: "handled" }
  /** Lambda could not call it: it is throttled. */
  | { readonly kind: "not-called" }
  | {
      readonly kind: "failed";
      readonly functionFailed: boolean;
      readonly sequenceNumbers: ReadonlySet<string> | "all";
    };

export interface DeliveryServices {
  /** Calls the function with records. */
  readonly deliver: (records: readonly StreamRecord[]) => Promise<Delivered>;
  readonly giveUp: (givenUp: GivenUp) => Promise<void>;
  readonly now: () => number;
  /** Waits before the next call; false once the source is stopped. */
  readonly wait: (ms: number) => Promise<boolean>;
}

/** Shortest and longest wait before a retry, in ms. AWS documents no figure. */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;

interface Part {
  readonly records: readonly StreamRecord[];
  readonly retries: number;
  readonly calls: number;
}

/**
 * Calls the function with a batch until every record is handled or given up; the shard waits for it. The rules:
 *
 * - A call that throttling prevents is repeated until the records are too old, and is no retry.
 * - A function that reports failures sets the checkpoint at the lowest sequence number: the records before it are done.
 *   With `bisects` the rest is a split batch, which is no retry.
 * - A batch that failed as a whole is split in two with `bisects`, which is no retry, until one record is left.
 * - A batch that failed after its last retry is given up, and so are records that are too old.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export async function deliverBatch(
  batch: readonly StreamRecord[],
  rules: RetryRules,
  { deliver, giveUp, now, wait }: DeliveryServices,
): Promise<void> {
  const parts: Part[] = [{ records: batch, retries: 0, calls: 0 }];
  let waits = 0;
  let functionFailed = false;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const { calls } = part;
    const gone = (condition: GivenUpFor, records: readonly StreamRecord[]): Promise<void> =>
      records.length === 0 ? Promise.resolve() : giveUp({ condition, records, calls, functionFailed });
    const isOld = ({ arrivedAt }: StreamRecord): boolean => rules.maxAgeMs >= 0 && now() - arrivedAt > rules.maxAgeMs;
    await gone("RecordAgeExceeded", part.records.filter(isOld));
    const records = part.records.filter((record) => !isOld(record));
    if (records.length === 0) continue;
    if (rules.maxRetries >= 0 && part.retries > rules.maxRetries) {
      await gone("RetryAttemptsExhausted", records);
      continue;
    }
    const delivered = await deliver(records);
    if (delivered.kind === "handled") {
      waits = 0;
      continue;
    }
    if (delivered.kind === "not-called") parts.unshift({ ...part, records });
    else {
      ({ functionFailed } = delivered);
      parts.unshift(
        ...nextParts({ records, retries: part.retries, calls: calls + 1 }, delivered.sequenceNumbers, rules),
      );
    }
    if (!(await wait(Math.min(FIRST_WAIT_MS * 2 ** waits++, LONGEST_WAIT_MS)))) return;
  }
}

/** What is left of a batch that failed. */
function nextParts(part: Part, failed: ReadonlySet<string> | "all", { bisects }: RetryRules): Part[] {
  const { records, retries } = part;
  const checkpoint = failed === "all" ? 0 : records.findIndex(({ sequenceNumber }) => failed.has(sequenceNumber));
  if (checkpoint > 0)
    return [{ ...part, records: records.slice(checkpoint), retries: bisects ? retries : retries + 1 }];
  if (failed === "all" && bisects && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    return [records.slice(0, middle), records.slice(middle)].map((half) => ({ ...part, records: half }));
  }
  return [{ ...part, retries: retries + 1 }];
}
