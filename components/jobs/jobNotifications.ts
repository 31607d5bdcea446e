import * as aws from "@pulumi/aws";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { deliveredQueue } from "../shared/deliveredQueue.js";
import type { Place } from "../shared/place.js";
import { policyDocument } from "../shared/policies.js";
import type { NamedVersion } from "../shared/modelVersions.js";
import { endpointRoles } from "../shared/serviceRole.js";
import { RECORDER_TIMEOUT_SECONDS } from "./recorder.js";

export interface JobNotificationsArgs {
  readonly place: Place;
  /** First part of the names of the stack's roles. */
  readonly prefix: string;
  /** Model versions beside `base`, whose endpoints publish too. */
  readonly versions: readonly NamedVersion[];
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
    const { queue, deadLetters } = deliveredQueue(
      this,
      { queue: `${name}-notifications`, deadLetters: `${name}-dead-letters` },
      {
        ...args,
        timeoutSeconds: RECORDER_TIMEOUT_SECONDS,
        sid: "DeliverNotifications",
        service: "sns.amazonaws.com",
        sourceArns: [success.arn, error.arn],
      },
    );
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
    const { executionRoleArn, keyArn, place, prefix, tags, versions } = args;
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { ...(keyArn === undefined ? {} : { kmsMasterKeyId: keyArn }), tags },
      { parent: this },
    );
    new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      {
        arn: topic.arn,
        policy: publishedBy(endpointRoles({ prefix, versions, place, executionRoleArn }), topic.arn, place),
      },
      { parent: this },
    );
    return topic;
  }

  private subscription(name: string, topic: aws.sns.Topic, queue: aws.sqs.Queue): void {
    new aws.sns.TopicSubscription(
      `${name}-subscription`,
      { topic: topic.arn, protocol: "sqs", endpoint: queue.arn, rawMessageDelivery: true },
      { parent: this },
    );
  }
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
