import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { required } from "./properties.js";
import type { CreateTable } from "./types.js";

/** Topics and their subscriptions. */
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
};
