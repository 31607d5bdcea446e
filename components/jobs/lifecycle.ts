import type * as aws from "@pulumi/aws";
import { QUERY_RESULTS_PREFIX } from "../../contract/resultStore.js";
import { PREFIXES, STREAM_PREFIXES } from "../../contract/storage.js";
import { WORKFLOW_DAYS } from "../../contract/limits.js";

/** Smaller objects stay in their storage class: to move them costs more than it saves. */
const SMALLEST_MOVED_BYTES = 128 * 1024;

/** Seven years. */
const AUDIT_DAYS = 7 * 365 + 2;

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** What else the bucket has. */
export interface StoredToo {
  /** Whether there are results of queries. */
  readonly resultsCatalog: boolean;
  /** Whether there are records of a stream that did not become jobs. */
  readonly stream: boolean;
  /** Whether there are parts of FASTA files. */
  readonly fastaDrop: boolean;
  /** Whether there are shards of scans. */
  readonly scan: boolean;
  /** Whether there are files of workflows, and an archive of their audit. */
  readonly evidence: boolean;
}

/** Retention of requests and failures, and the storage classes that results move to. */
export function dataLifecycle({ resultsCatalog, stream, fastaDrop, scan, evidence }: StoredToo): Rule[] {
  return [
    expireAfter("requests", 7, PREFIXES.input),
    {
      id: "results",
      status: "Enabled",
      filter: { and: { prefix: PREFIXES.output, objectSizeGreaterThan: SMALLEST_MOVED_BYTES - 1 } },
      // Glacier Instant Retrieval: get_results must read a result with one GET.
      transitions: [
        { days: 30, storageClass: "STANDARD_IA" },
        { days: 90, storageClass: "GLACIER_IR" },
      ],
    },
    expireAfter("failures", 30, PREFIXES.failure),
    ...(resultsCatalog ? [expireAfter("query-results", 7, QUERY_RESULTS_PREFIX)] : []),
    ...(stream
      ? [
          expireAfter("refused-records", 30, STREAM_PREFIXES.refused),
          expireAfter("given-up-records", 30, STREAM_PREFIXES.givenUp),
        ]
      : []),
    ...(fastaDrop ? [expireAfter("fasta-drops", 30, PREFIXES.drops)] : []),
    ...(scan ? [expireAfter("scans", 30, PREFIXES.scans)] : []),
    ...(evidence ? [expireAfter("evidence", WORKFLOW_DAYS, PREFIXES.evidence), ...auditArchive()] : []),
    abortUploads(),
  ];
}

/** The archive of the audit: colder with each year, deleted after seven. Small days stay where they are until then. */
function auditArchive(): Rule[] {
  return [
    {
      id: "audit-archive",
      status: "Enabled",
      filter: { and: { prefix: PREFIXES.audit, objectSizeGreaterThan: SMALLEST_MOVED_BYTES - 1 } },
      transitions: [
        { days: 30, storageClass: "STANDARD_IA" },
        { days: 90, storageClass: "GLACIER" },
        { days: 365, storageClass: "DEEP_ARCHIVE" },
      ],
    },
    expireAfter("audit", AUDIT_DAYS, PREFIXES.audit),
  ];
}

/**
 * Retention of access logs.
 *
 * @param days days that access logs are kept
 */
export function accessLogLifecycle(days: number): Rule[] {
  return [expireAfter("access-logs", days, ""), abortUploads()];
}

function expireAfter(id: string, days: number, prefix: string): Rule {
  return { id, status: "Enabled", filter: { prefix }, expiration: { days } };
}

function abortUploads(): Rule {
  return {
    id: "unfinished-uploads",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
}
