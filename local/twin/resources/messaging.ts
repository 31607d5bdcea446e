import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { required } from "./properties.js";
import type { CreateTable } from "./types.js";

/** Topics, their subscriptions, and queues. */
export const messagingResources: CreateTable = {
  "aws:sns/topic:Topic": async ({ id }, { aws }) => {
    const { TopicArn } = await aws.sns.send(new CreateTopicCommand({ Name: id }));
    return { arn: TopicArn };
  },
  "aws:sns/topicSubscription:TopicSubscription": async ({ state }, { aws }) => {
    const { SubscriptionArn } = await aws.sns.send(
      new SubscribeCommand({
        TopicArn: required(state, "topic"),
        Protocol: required(state, "protocol"),
        Endpoint: required(state, "endpoint"),
        ReturnSubscriptionArn: true,
      }),
    );
    return { arn: SubscriptionArn };
  },
  "aws:sqs/queue:Queue": async ({ id }, { aws }) => {
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: id }));
    return { url: QueueUrl };
  },
};
