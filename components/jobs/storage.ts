import { InferenceBucket, type InferenceBucketArgs } from "./inferenceBucket.js";
import { JobLedger, type JobLedgerArgs } from "./jobLedger.js";

/** Where requests, results and the state of jobs are kept. */
export interface JobStorage {
  readonly bucket: InferenceBucket;
  readonly ledger: JobLedger;
}

/**
 * Creates the bucket of requests and results, and the job ledger. They are apart from what works on jobs, because the
 * endpoint needs them first.
 */
export function jobStorage({
  prefix,
  ...args
}: InferenceBucketArgs & JobLedgerArgs & { readonly prefix: string }): JobStorage {
  return { bucket: new InferenceBucket(prefix, args), ledger: new JobLedger(prefix, args) };
}
