import * as aws from "@pulumi/aws";
import { jsonStringify, type ComponentResource, type Input } from "@pulumi/pulumi";
import type { Place } from "./place.js";
import { policyDocument } from "./policies.js";

/** Deliveries of a message to the function before it is a dead letter. */
const MAX_RECEIVE_COUNT = 5;

/**
 * Visibility timeout of the queue, in timeouts of the function: AWS's rule for a queue that Lambda reads.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const VISIBILITY_TIMEOUTS = 6;

/** How long messages are kept, in seconds: the maximum of SQS. */
const RETENTION_SECONDS = 1_209_600;

export interface DeliveredQueueArgs {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /**
   * ARN of the customer key of both queues.
   *
   * @default the key of SQS
   */
  readonly keyArn?: Input<string>;
  /** Timeout of the function that reads the queue, in seconds. */
  readonly timeoutSeconds: number;
  /**
   * Names in SQS.
   *
   * @default generated
   */
  readonly names?: { readonly queue: string; readonly deadLetters: string };
  /** Id of the statement that lets a service send messages. */
  readonly sid: string;
  /** The service that sends messages, such as `sns.amazonaws.com`. */
  readonly service: string;
  /** ARNs of the resources in whose name it sends them. */
  readonly sourceArns: Input<string>[];
}

/** A queue, the queue of its dead letters, and the policy of the first: later resources can depend on it. */
export interface DeliveredQueue {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;
  readonly policy: aws.sqs.QueuePolicy;
}

/**
 * A queue that a Lambda function reads, and to which only a service of AWS sends messages, in the name of some resources.
 *
 * @param parent the component that it belongs to
 * @param logical logical names of both queues
 */
export function deliveredQueue(
  parent: ComponentResource,
  logical: { readonly queue: string; readonly deadLetters: string },
  args: DeliveredQueueArgs,
): DeliveredQueue {
  const { names, timeoutSeconds } = args;
  const deadLetters = new aws.sqs.Queue(
    logical.deadLetters,
    { ...(names && { name: names.deadLetters }), ...queueArgs(args) },
    { parent },
  );
  const queue = new aws.sqs.Queue(
    logical.queue,
    {
      ...(names && { name: names.queue }),
      ...queueArgs(args),
      visibilityTimeoutSeconds: VISIBILITY_TIMEOUTS * timeoutSeconds,
      redrivePolicy: jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: MAX_RECEIVE_COUNT }),
    },
    { parent },
  );
  new aws.sqs.RedriveAllowPolicy(
    `${logical.deadLetters}-source`,
    {
      queueUrl: deadLetters.url,
      redriveAllowPolicy: jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
    },
    { parent },
  );
  const policy = new aws.sqs.QueuePolicy(
    `${logical.queue}-policy`,
    { queueUrl: queue.url, policy: jsonStringify(deliveredBy(queue.arn, args)) },
    { parent },
  );
  return { queue, deadLetters, policy };
}

function queueArgs({ keyArn, tags }: DeliveredQueueArgs): aws.sqs.QueueArgs {
  return {
    messageRetentionSeconds: RETENTION_SECONDS,
    ...(keyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: keyArn }),
    tags,
  };
}

/**
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
 */
function deliveredBy(
  queueArn: Input<string>,
  { place, sid, service, sourceArns }: DeliveredQueueArgs,
): aws.iam.PolicyDocument {
  return policyDocument(
    {
      Sid: sid,
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: { StringEquals: { "aws:SourceAccount": place.account }, ArnEquals: { "aws:SourceArn": sourceArns } },
    },
    {
      Sid: "DenyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: queueArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
}
