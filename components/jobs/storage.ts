import { InferenceBucket, type InferenceBucketArgs } from "./inferenceBucket.js";
import { JobLedger, type JobLedgerArgs } from "./jobLedger.js";

/** The stores of a stack: requests and results, and the state of jobs. */
export interface JobStorage {
  readonly bucket: InferenceBucket;
  readonly ledger: JobLedger;
}

/**
 * Creates the bucket of requests and results, and the job ledger. The endpoint needs them, so they come before it, and
 * everything else of this folder after it.
 *
 * @param args.prefix first part of the logical names
 */
export function jobStorage({
  prefix,
  ...args
}: InferenceBucketArgs & JobLedgerArgs & { readonly prefix: string }): JobStorage {
  return { bucket: new InferenceBucket(prefix, args), ledger: new JobLedger(prefix, args) };
}
