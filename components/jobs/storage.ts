import { InferenceBucket, type InferenceBucketArgs } from "./inferenceBucket.js";
import { JobLedger, type JobLedgerArgs } from "./jobLedger.js";
import { JobNotifications, type JobNotificationsArgs } from "./jobNotifications.js";

/** The stores of a stack: requests and results, the state of jobs, and messages about ended requests. */
export interface JobStorage {
  readonly bucket: InferenceBucket;
  readonly ledger: JobLedger;
  readonly notifications: JobNotifications;
}

/**
 * Creates the bucket of requests and results, the job ledger, and topics and queues of notifications. The endpoint needs them, so they come before it, and
 * everything else of this folder after it.
 *
 * @param args.prefix first part of the logical names
 */
export function jobStorage(args: InferenceBucketArgs & JobLedgerArgs & JobNotificationsArgs): JobStorage {
  const { prefix } = args;
  return {
    bucket: new InferenceBucket(prefix, args),
    ledger: new JobLedger(prefix, args),
    notifications: new JobNotifications(prefix, args),
  };
}
