import type * as aws from "@pulumi/aws";
import { PREFIXES } from "../../contract/storage.js";

/** S3 moves nothing smaller to a colder class, where it would cost more than it saves. */
const SMALLEST_MOVED_BYTES = 128 * 1024;

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** How long requests, results and failures stay in the bucket, and where results move. */
export function dataLifecycle(): Rule[] {
  return [
    expireAfter("requests", 7, PREFIXES.input),
    {
      id: "results",
      status: "Enabled",
      filter: { and: { prefix: PREFIXES.output, objectSizeGreaterThan: SMALLEST_MOVED_BYTES - 1 } },
      // Glacier's instant class: a result must stay readable by the one GET that get_results makes.
      transitions: [
        { days: 30, storageClass: "STANDARD_IA" },
        { days: 90, storageClass: "GLACIER_IR" },
      ],
    },
    expireAfter("failures", 30, PREFIXES.failure),
    abortUploads(),
  ];
}

/**
 * How long access logs stay.
 *
 * @param days retention of logs, in days
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
