import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  interpolate,
  RunError,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { accessLogLifecycle, dataLifecycle, type StoredToo } from "./lifecycle.js";
import type { Place } from "../shared/place.js";
import { policyDocument, tlsOnly } from "../shared/policies.js";

export interface InferenceBucketArgs extends StoredToo {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** Name of the bucket; empty generates one. */
  readonly bucketName: string;
  /** Days that access logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of the data. Access logs always use the key of S3, which delivers them with no other.
   *
   * @default the key of S3
   */
  readonly keyArn?: Input<string>;
  /** Whether both buckets and their protection outlive the stack. */
  readonly retainData: boolean;
}

/** The bucket of requests, results and failures, and the bucket of its access logs: private, encrypted, TLS only. */
export class InferenceBucket extends ComponentResource {
  readonly bucketName: Output<string>;
  readonly bucketArn: Output<string>;
  /** The name too, for an output of the stack: fails the update where `bucketName` was changed, see {@link unmoved}. */
  readonly configuredName: Output<string>;

  constructor(name: string, args: InferenceBucketArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:InferenceBucket", name, {}, opts);
    const logs = this.privateBucket(`${name}-access-logs`, args, bucketEncryption());
    const data = this.privateBucket(`${name}-data`, args, bucketEncryption(args.keyArn), args.bucketName);
    this.lifecycle(`${name}-access-logs`, logs.bucket, accessLogLifecycle(args.logRetentionDays), args);
    this.lifecycle(`${name}-data`, data.bucket, dataLifecycle(args), args);
    const delivery = this.policy(`${name}-access-logs`, logs, args, [
      deliverLogs(logs.bucket, data.bucket, args.place),
    ]);
    this.policy(`${name}-data`, data, args, []);
    this.accessLogging(name, data.bucket, logs.bucket, args, delivery);
    this.bucketName = data.bucket.bucket;
    this.configuredName = this.bucketName.apply((actual) => unmoved(actual, args.bucketName));
    this.bucketArn = data.bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }

  private privateBucket(
    name: string,
    args: InferenceBucketArgs,
    rules: EncryptionRule[],
    bucketName = "",
  ): PrivateBucket {
    const options = this.kept(args);
    const bucket = new aws.s3.Bucket(
      name,
      { ...(bucketName === "" ? {} : { bucket: bucketName }), forceDestroy: !args.retainData, tags: args.tags },
      // Pulumi would replace a bucket with another name: delete it first, although the endpoint uses it. See `unmoved`.
      { ...options, ignoreChanges: ["bucket"] },
    );
    const ownership = new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      options,
    );
    const publicAccess = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      options,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(`${name}-encryption`, { bucket: bucket.bucket, rules }, options);
    return { bucket, guards: [ownership, publicAccess] };
  }

  private lifecycle(
    name: string,
    bucket: aws.s3.Bucket,
    rules: aws.types.input.s3.BucketLifecycleConfigurationRule[],
    args: InferenceBucketArgs,
  ): void {
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket: bucket.bucket, rules, transitionDefaultMinimumObjectSize: "all_storage_classes_128K" },
      this.kept(args),
    );
  }

  private policy(
    name: string,
    { bucket, guards }: PrivateBucket,
    args: InferenceBucketArgs,
    more: aws.iam.PolicyStatement[],
  ): aws.s3.BucketPolicy {
    return new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.bucket, policy: policyDocument(...tlsOnly(bucket.arn), ...more) },
      // S3 refuses two changes of the access to one bucket at the same time.
      { ...this.kept(args), dependsOn: guards },
    );
  }

  private accessLogging(
    name: string,
    data: aws.s3.Bucket,
    logs: aws.s3.Bucket,
    args: InferenceBucketArgs,
    delivery: aws.s3.BucketPolicy,
  ): void {
    new aws.s3.BucketLogging(
      `${name}-access-logging`,
      { bucket: data.bucket, targetBucket: logs.bucket, targetPrefix: ACCESS_LOG_PREFIX },
      { ...this.kept(args), dependsOn: delivery },
    );
  }

  /** A bucket that outlives the stack keeps its protection, so that it does not become less private. */
  private kept({ retainData }: InferenceBucketArgs): CustomResourceOptions {
    return { parent: this, retainOnDelete: retainData };
  }
}

/**
 * The name of the data bucket. A bucket cannot be renamed.
 *
 * @param actual the name that the bucket has
 * @param configured `bucketName`; empty accepts any name
 * @throws RunError where `bucketName` was changed on a live stack
 */
export function unmoved(actual: string, configured: string): string {
  if (configured === "" || configured === actual) return actual;
  throw new RunError(
    `bucketName cannot change on a live stack: its requests, results and jobs refer to the bucket '${actual}'. ` +
      `Keep that bucket: pulumi config set bucketName ${actual}. To use another one, deploy another stack ` +
      "(see 'Move to another bucket' in docs/upgrade.md).",
  );
}

type EncryptionRule = aws.types.input.s3.BucketServerSideEncryptionConfigurationRule;

/** Default encryption of a bucket: with a customer key and one data key for many objects, or with the key of S3. */
function bucketEncryption(keyArn?: Input<string>): EncryptionRule[] {
  return keyArn === undefined
    ? [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]
    : [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ];
}

interface PrivateBucket {
  readonly bucket: aws.s3.Bucket;
  /** Resources that must exist before a policy is set. */
  readonly guards: (aws.s3.BucketOwnershipControls | aws.s3.BucketPublicAccessBlock)[];
}

const ACCESS_LOG_PREFIX = "data/";

/** Lets S3 write the access logs of one bucket of this account, and nothing else. */
function deliverLogs(logs: aws.s3.Bucket, data: aws.s3.Bucket, place: Place): aws.iam.PolicyStatement {
  return {
    Sid: "DeliverAccessLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: interpolate`${logs.arn}/${ACCESS_LOG_PREFIX}*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": place.account },
      ArnLike: { "aws:SourceArn": data.arn },
    },
  };
}
