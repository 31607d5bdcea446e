import { filesPrefix, RESULT_TABLE_NAMES } from "../../../contract/resultStore.js";
import { PREFIXES } from "../../../contract/storage.js";
import type { CloudView } from "./cloudState.js";
import type { Right } from "./commonRights.js";
import { text } from "./outputs.js";

const MERGE = /-results-merge$/;

/**
 * What a function of the result store needs besides what every function needs.
 *
 * @param name name of the function
 * @param bucket ARN of the bucket
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
export function resultsRights(cloud: CloudView, name: string, bucket: string): Right[] {
  if (MERGE.test(name)) {
    return RESULT_TABLE_NAMES.flatMap((table): Right[] => [
      ["s3:ListBucket", bucket, { "s3:prefix": filesPrefix(table, "new") }],
      ["s3:GetObject", `${bucket}/${filesPrefix(table, "new")}1`],
      ["s3:GetObject", `${bucket}/${filesPrefix(table, "merged")}1`],
      ["s3:PutObject", `${bucket}/${filesPrefix(table, "merged")}1`],
      ["s3:DeleteObject", `${bucket}/${filesPrefix(table, "new")}1`],
    ]);
  }
  const streams = cloud
    .all("aws:dynamodb/table:Table")
    .map(({ outputs }) => text(outputs["streamArn"]))
    .filter((stream) => stream !== "");
  return [
    ["s3:GetObject", `${bucket}/${PREFIXES.output}1`],
    ["s3:ListBucket", bucket, { "s3:prefix": `${PREFIXES.output}1` }],
    ...RESULT_TABLE_NAMES.map((table): Right => ["s3:PutObject", `${bucket}/${filesPrefix(table, "new")}1`]),
    ...streams.flatMap((stream) =>
      ["DescribeStream", "GetRecords", "GetShardIterator"].map((action): Right => [`dynamodb:${action}`, stream]),
    ),
  ];
}
