import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { parseS3Uri } from "../../../contract/storage.js";
import type { AwsClients } from "../moto/moto.js";
import type { EndpointStore } from "./endpoint.js";

/** Reads requests from and writes answers to the emulated S3; publishes to the emulated SNS. */
export function emulatedStore({ s3, sns }: Pick<AwsClients, "s3" | "sns">): EndpointStore {
  return {
    async read(location) {
      const { bucket, key } = parseS3Uri(location);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    async write(location, body, contentType) {
      const { bucket, key } = parseS3Uri(location);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
    },
    async publish(topicArn, message) {
      await sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(message) }));
    },
  };
}
