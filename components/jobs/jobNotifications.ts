import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  interpolate,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import type { Place } from "../shared/place.js";
import { policyDocument } from "../shared/policies.js";
import { rolePatterns } from "../shared/serviceRole.js";
import { RECORDER_TIMEOUT_SECONDS } from "./recorder.js";

/** Deliveries of a message to the recorder before it is a dead letter. */
const MAX_RECEIVE_COUNT = 5;

/**
 * Visibility timeout of the queue, in timeouts of the recorder: AWS's rule for a queue that Lambda reads.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const VISIBILITY_TIMEOUTS = 6;

/** How long messages are kept, in seconds: the maximum of SQS. */
const RETENTION_SECONDS = 1_209_600;

export interface JobNotificationsArgs {
  readonly place: Place;
  /** First part of the names of the stack's roles. */
  readonly prefix: string;
  /** ARN of an existing role of the endpoint; empty where the stack makes it. */
  readonly executionRoleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  /**
   * ARN of the customer key of topics and queues.
   *
   * @default messages in topics are not encrypted at rest, those in queues with the key of SQS
   */
  readonly keyArn?: Input<string>;
}

/** Topics that SageMaker notifies of ended requests, the queue that the recorder reads, and its dead-letter queue. */
export class JobNotifications extends ComponentResource {
  readonly successArn: Output<string>;
  readonly errorArn: Output<string>;
  readonly queueArn: Output<string>;
  readonly queueName: Output<string>;
  readonly deadLetterQueueName: Output<string>;

  constructor(name: string, args: JobNotificationsArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:JobNotifications", name, {}, opts);
    const success = this.topic(`${name}-success`, args);
    const error = this.topic(`${name}-error`, args);
    const deadLetters = new aws.sqs.Queue(`${name}-dead-letters`, queueArgs(args), { parent: this });
    const queue = this.queue(name, deadLetters, args);
    this.policy(`${name}-notifications`, queue, [success.arn, error.arn], args);
    this.subscription(`${name}-success`, success, queue);
    this.subscription(`${name}-error`, error, queue);
    this.successArn = success.arn;
    this.errorArn = error.arn;
    this.queueArn = queue.arn;
    this.queueName = queue.name;
    this.deadLetterQueueName = deadLetters.name;
    this.registerOutputs({ successArn: this.successArn, errorArn: this.errorArn });
  }

  private topic(name: string, args: JobNotificationsArgs): aws.sns.Topic {
    const { executionRoleArn, keyArn, place, prefix, tags } = args;
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { ...(keyArn === undefined ? {} : { kmsMasterKeyId: keyArn }), tags },
      { parent: this },
    );
    new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      {
        arn: topic.arn,
        policy: publishedBy(rolePatterns(`${prefix}-endpoint`, place, executionRoleArn), topic.arn, place),
      },
      { parent: this },
    );
    return topic;
  }

  private queue(name: string, deadLetters: aws.sqs.Queue, args: JobNotificationsArgs): aws.sqs.Queue {
    const queue = new aws.sqs.Queue(
      `${name}-notifications`,
      {
        ...queueArgs(args),
        visibilityTimeoutSeconds: VISIBILITY_TIMEOUTS * RECORDER_TIMEOUT_SECONDS,
        redrivePolicy: jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: MAX_RECEIVE_COUNT }),
      },
      { parent: this },
    );
    new aws.sqs.RedriveAllowPolicy(
      `${name}-dead-letters-source`,
      {
        queueUrl: deadLetters.url,
        redriveAllowPolicy: jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
      },
      { parent: this },
    );
    return queue;
  }

  private policy(
    name: string,
    queue: aws.sqs.Queue,
    topicArns: Input<string>[],
    { place }: JobNotificationsArgs,
  ): void {
    new aws.sqs.QueuePolicy(
      `${name}-policy`,
      { queueUrl: queue.url, policy: jsonStringify(deliveredBy(topicArns, queue.arn, place)) },
      { parent: this },
    );
  }

  private subscription(name: string, topic: aws.sns.Topic, queue: aws.sqs.Queue): void {
    new aws.sns.TopicSubscription(
      `${name}-subscription`,
      { topic: topic.arn, protocol: "sqs", endpoint: queue.arn, rawMessageDelivery: true },
      { parent: this },
    );
  }
}

function queueArgs({ keyArn, tags }: JobNotificationsArgs): aws.sqs.QueueArgs {
  return {
    messageRetentionSeconds: RETENTION_SECONDS,
    ...(keyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: keyArn }),
    tags,
  };
}

/**
 * SageMaker publishes as the role of the endpoint. By name pattern, because the topics are created before the role.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-invoke-update-delete-prerequisites.html
 */
function publishedBy(
  roleArns: Input<string>[],
  topicArn: Input<string>,
  { account, partition }: Place,
): aws.iam.PolicyDocument {
  return policyDocument({
    Sid: "PublishOutcomes",
    Effect: "Allow",
    Principal: { AWS: interpolate`arn:${partition}:iam::${account}:root` },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { ArnLike: { "aws:PrincipalArn": roleArns } },
  });
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html */
function deliveredBy(topicArns: Input<string>[], queueArn: Input<string>, { account }: Place): aws.iam.PolicyDocument {
  return policyDocument(
    {
      Sid: "DeliverNotifications",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: { StringEquals: { "aws:SourceAccount": account }, ArnEquals: { "aws:SourceArn": topicArns } },
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
