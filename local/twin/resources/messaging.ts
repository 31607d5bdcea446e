import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { number, required, text } from "./properties.js";
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
        Attributes: { RawMessageDelivery: String(state["rawMessageDelivery"] === true) },
      }),
    );
    return { arn: SubscriptionArn };
  },
  "aws:sqs/queue:Queue": async ({ id, state }, { aws, endpointUrl }) => {
    const redrive = text(state, "redrivePolicy");
    const Attributes = {
      // AWS's defaults.
      VisibilityTimeout: String(number(state, "visibilityTimeoutSeconds", 30)),
      MessageRetentionPeriod: String(number(state, "messageRetentionSeconds", 345_600)),
      ...(redrive === undefined ? {} : { RedrivePolicy: redrive }),
    };
    const { QueueUrl = "" } = await aws.sqs.send(new CreateQueueCommand({ QueueName: id, Attributes }));
    // SDKs send requests to the address of the queue: that of the emulator is not for them.
    return { url: new URL(new URL(QueueUrl).pathname, endpointUrl).href };
  },
};
