import * as aws from "@pulumi/aws";
import type { ComponentResource, Input, Output } from "@pulumi/pulumi";
import type { Place } from "../shared/place.js";
import { policyDocument, publishedBy, publishedByBudgets } from "../shared/policies.js";

export interface AlarmTopicArgs {
  /** First part of the names of the alarms. */
  readonly prefix: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /**
   * ARN of the customer key of the topic.
   *
   * @default messages are not encrypted at rest
   */
  readonly keyArn?: Input<string>;
  /** Budget of a month in USD, whose alerts are published too; 0 for none. */
  readonly monthlyBudgetUsd: number;
  /** E-mail address that gets the alarms; empty subscribes nobody. */
  readonly alarmEmail: string;
}

/**
 * The topic that alarms publish to, and its subscription.
 *
 * @param parent the component that it belongs to
 * @param name logical name
 * @returns the ARN of the topic, available when its policy is: AWS Budgets refuses a topic that it may not publish to
 */
export function alarmTopic(parent: ComponentResource, name: string, args: AlarmTopicArgs): Output<string> {
  const { tags, keyArn, alarmEmail } = args;
  const topic = new aws.sns.Topic(
    name,
    { ...(keyArn === undefined ? {} : { kmsMasterKeyId: keyArn }), tags },
    { parent },
  );
  const policy = new aws.sns.TopicPolicy(
    `${name}-policy`,
    { arn: topic.arn, policy: publishers(topic.arn, args) },
    { parent },
  );
  if (alarmEmail !== "") {
    new aws.sns.TopicSubscription(
      `${name}-email`,
      { topic: topic.arn, protocol: "email", endpoint: alarmEmail },
      { parent },
    );
  }
  return policy.arn;
}

/** Allows the alarms of this stack to publish, with a budget AWS Budgets too, and nobody else. */
function publishers(
  topicArn: Input<string>,
  { prefix, place, monthlyBudgetUsd }: AlarmTopicArgs,
): aws.iam.PolicyDocument {
  return policyDocument(
    {
      Sid: "PublishAlarms",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: publishedBy(prefix, place),
    },
    ...(monthlyBudgetUsd > 0 ? [publishedByBudgets(topicArn, place)] : []),
  );
}
