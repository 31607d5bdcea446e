import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import { genomeReading } from "../shared/genomeFolders.js";
import type { Place } from "../shared/place.js";
import { allow, logWriting, policyDocument, running } from "../shared/policies.js";

interface FilesArgs {
  readonly bucketArn: Input<string>;
  readonly logGroupArn: Input<string>;
}

/** The permissions of the function that retrieves sequences: read genomes, read and write the files of evidence. */
export function retrievalPolicy(
  args: FilesArgs & { readonly genomeSources: readonly string[]; readonly place: Place },
): iam.PolicyDocument {
  return policyDocument(
    ...evidenceFiles(args.bucketArn, [PREFIXES.evidence, PREFIXES.genomes]),
    ...genomeReading(args.genomeSources, args.place).map(allow),
    ...running(args.logGroupArn),
  );
}

/** The permissions of the function that aligns sequences: read and write the files of evidence. */
export function alignmentPolicy({ bucketArn, logGroupArn }: FilesArgs): iam.PolicyDocument {
  return policyDocument(...evidenceFiles(bucketArn, [PREFIXES.evidence]), ...running(logGroupArn));
}

/** The permissions of jobs that align sequences. */
export function alignmentFilesPolicy(bucketArn: Input<string>): iam.PolicyDocument {
  return policyDocument(...evidenceFiles(bucketArn, [PREFIXES.evidence]));
}

/** The permissions to start such a job: pull its image, and write its log. */
export function imagePullPolicy(args: {
  readonly repositoryArn: Input<string>;
  readonly logGroupArn: Input<string>;
}): iam.PolicyDocument {
  return policyDocument(
    // A token is for a whole registry: the action cannot be limited to a repository.
    allow({ sid: "GetToken", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }),
    allow({
      sid: "PullImage",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [args.repositoryArn],
    }),
    logWriting(args.logGroupArn),
  );
}

/** Allows reading some prefixes, and writing the files of evidence. */
export function evidenceFiles(bucketArn: Input<string>, read: readonly string[]): iam.PolicyStatement[] {
  return [
    allow({
      sid: "ReadFiles",
      actions: ["s3:GetObject"],
      resources: read.map((prefix) => interpolate`${bucketArn}/${prefix}*`),
    }),
    allow({
      sid: "WriteEvidence",
      actions: ["s3:PutObject"],
      resources: [interpolate`${bucketArn}/${PREFIXES.evidence}*`],
    }),
    // Without ListBucket, S3 answers AccessDenied instead of NoSuchKey for an object that does not exist.
    allow({
      sid: "FindFiles",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      conditions: { StringLike: { "s3:prefix": read.map((prefix) => `${prefix}*`) } },
    }),
  ];
}
