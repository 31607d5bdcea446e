import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { FASTA_SUFFIXES } from "../../contract/fastaDrop.js";
import { PREFIXES } from "../../contract/storage.js";
import { deliveredQueue } from "../shared/deliveredQueue.js";
import { fastaNames } from "../shared/fastaNames.js";
import { FASTA_TIMEOUT_SECONDS } from "../shared/jobEnvironment.js";
import type { Place } from "../shared/place.js";

export interface FastaQueueArgs {
  /** First part of the names of the queues. */
  readonly prefix: string;
  readonly place: Place;
  readonly bucket: { readonly bucketName: Input<string>; readonly bucketArn: Input<string> };
  readonly tags: Readonly<Record<string, string>>;
  /**
   * ARN of the customer key of the queues.
   *
   * @default the key of SQS
   */
  readonly keyArn?: Input<string>;
}

/** The queue of uploads and of the tasks that they become, its dead-letter queue, and the bucket's notification. */
export class FastaQueue extends ComponentResource {
  readonly queueArn: Output<string>;
  readonly queueUrl: Output<string>;

  constructor(name: string, args: FastaQueueArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:FastaQueue", name, {}, opts);
    const { queue, policy } = deliveredQueue(
      this,
      { queue: `${name}-tasks`, deadLetters: `${name}-dead-letters` },
      {
        ...args,
        names: fastaNames(args.prefix),
        timeoutSeconds: FASTA_TIMEOUT_SECONDS,
        sid: "DeliverUploads",
        service: "s3.amazonaws.com",
        sourceArns: [args.bucket.bucketArn],
      },
    );
    this.notification(name, queue, policy, args);
    this.queueArn = queue.arn;
    this.queueUrl = queue.url;
    this.registerOutputs({ queueArn: this.queueArn, queueUrl: this.queueUrl });
  }

  /**
   * A bucket has one notification configuration: whoever adds another target adds it here.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
   */
  private notification(name: string, queue: aws.sqs.Queue, policy: aws.sqs.QueuePolicy, args: FastaQueueArgs): void {
    new aws.s3.BucketNotification(
      `${name}-uploads`,
      {
        bucket: args.bucket.bucketName,
        queues: FASTA_SUFFIXES.map((filterSuffix) => ({
          id: filterSuffix.slice(1).replaceAll(".", "-"),
          queueArn: queue.arn,
          events: ["s3:ObjectCreated:*"],
          filterPrefix: PREFIXES.uploads,
          filterSuffix,
        })),
      },
      // S3 sends a test event, and refuses a queue that it may not send to.
      { parent: this, dependsOn: policy },
    );
  }
}
