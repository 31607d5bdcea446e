import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutPublicAccessBlockCommand,
  type LifecycleRule,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { apiSpelling, required } from "./properties.js";
import type { CreateTable } from "./types.js";

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
