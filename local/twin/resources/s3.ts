import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutPublicAccessBlockCommand,
  type Event,
  type FilterRule,
  type LifecycleRule,
  type QueueConfiguration,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { apiSpelling, list, required, text } from "./properties.js";
import type { CreateTable, Properties } from "./types.js";

/** Buckets and their configuration. The emulator keeps lifecycle rules, but never expires or moves an object. */
export const s3Resources: CreateTable = {
  "aws:s3/bucket:Bucket": async ({ id }, { aws }) => {
    await aws.s3.send(new CreateBucketCommand({ Bucket: id }));
    return {};
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": async ({ state }, { aws }) => {
    const Rules = apiSpelling(state["rules"]) as LifecycleRule[];
    const Bucket = required(state, "bucket");
    await aws.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    return {};
  },
  "aws:s3/bucketNotification:BucketNotification": async ({ state }, { aws }) => {
    const QueueConfigurations = list(state, "queues").map(notificationOf);
    const Bucket = required(state, "bucket");
    await aws.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: { QueueConfigurations } }),
    );
    return {};
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": async ({ state }, { aws }) => {
    await aws.s3.send(
      new PutPublicAccessBlockCommand({
        Bucket: required(state, "bucket"),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: state["blockPublicAcls"] === true,
          BlockPublicPolicy: state["blockPublicPolicy"] === true,
          IgnorePublicAcls: state["ignorePublicAcls"] === true,
          RestrictPublicBuckets: state["restrictPublicBuckets"] === true,
        },
      }),
    );
    return {};
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": async (
    { state },
    { aws },
  ) => {
    const Rules = apiSpelling(state["rules"]) as ServerSideEncryptionRule[];
    await aws.s3.send(
      new PutBucketEncryptionCommand({
        Bucket: required(state, "bucket"),
        ServerSideEncryptionConfiguration: { Rules },
      }),
    );
    return {};
  },
};

/** The emulator sends notifications to queues: keys as S3 encodes them, and a test event at first. */
function notificationOf(queue: Properties): QueueConfiguration {
  const rule = (Name: FilterRule["Name"], Value: string | undefined): FilterRule[] =>
    Value === undefined ? [] : [{ Name, Value }];
  const FilterRules = [...rule("prefix", text(queue, "filterPrefix")), ...rule("suffix", text(queue, "filterSuffix"))];
  return {
    Id: text(queue, "id"),
    QueueArn: required(queue, "queueArn"),
    Events: queue["events"] as Event[],
    ...(FilterRules.length > 0 && { Filter: { Key: { FilterRules } } }),
  };
}
