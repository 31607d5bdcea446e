import { STREAM_PREFIXES } from "../../../contract/storage.js";
import type { CloudView } from "./cloudState.js";
import { keyUse, type Right } from "./commonRights.js";
import { text } from "./outputs.js";

/**
 * What the function of a stream of Kinesis needs, as soon as the two are connected: Lambda refuses the connection without
 * the rights to read the stream, and writes what it gave up as the role of the function.
 *
 * @param bucket ARN of the bucket
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function streamRights(cloud: CloudView, functionName: string, bucket: string): Right[] {
  return cloud
    .all("aws:lambda/eventSourceMapping:EventSourceMapping")
    .filter(({ inputs }) => inputs["functionName"] === functionName)
    .map(({ inputs }) => text(inputs["eventSourceArn"]))
    .filter((source) => source.startsWith("arn:aws:kinesis:"))
    .flatMap((stream): Right[] => {
      const key = text(cloud.find("aws:kinesis/stream:Stream", stream)?.inputs["kmsKeyId"]);
      return [
        ...READ.map((action): Right => [`kinesis:${action}`, stream]),
        ["kinesis:ListStreams", "*"],
        ["s3:ListBucket", bucket],
        ["s3:PutObject", `${bucket}/${STREAM_PREFIXES.givenUp}1`],
        ["s3:PutObject", `${bucket}/${STREAM_PREFIXES.refused}1.json`],
        ...(key.startsWith("arn:") ? keyUse(key, "kinesis", ["kms:Decrypt"]) : []),
      ];
    });
}

const READ = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"];
