import { BRAKE_ENVIRONMENT, JOB_ENVIRONMENT } from "../../../contract/environment.js";
import { PREFIXES } from "../../../contract/storage.js";
import { brakeRights } from "./brakeRights.js";
import type { CloudView } from "./cloudState.js";
import { arn, keyUse, type Right } from "./commonRights.js";
import { evidenceRights } from "./evidenceRights.js";
import { fastaRights } from "./fastaRights.js";
import { FUNCTIONS, TOOLS } from "./functionWork.js";
import { guardRights, modelRights } from "./modelRights.js";
import { child, text } from "./outputs.js";
import { resultsRights } from "./resultsRights.js";
import { scanRights, shardRights } from "./scanRights.js";
import { sourcesRights } from "./sourcesRights.js";
import { streamRights } from "./streamRights.js";
import type { Properties } from "./wire.js";
import { workflowRights } from "./workflowRights.js";

/** What a function does with AWS, beyond logs and traces, and whether it touches objects of the bucket. */
export function functionRights(
  cloud: CloudView,
  functionName: string,
  variables: Properties,
): { readonly rights: readonly Right[]; readonly usesObjects: boolean } {
  const bucket = `arn:aws:s3:::${text(variables[JOB_ENVIRONMENT.bucketName])}`;
  const guarding = guardRights(variables);
  if (guarding) return { rights: guarding, usesObjects: false };
  if (variables[BRAKE_ENVIRONMENT.budgetName] !== undefined) {
    const rights = [...brakeRights(cloud, variables), ...queueRights(cloud, functionName)];
    return { rights, usesObjects: false };
  }
  const gathering = sourcesRights(cloud, variables) ?? workflowRights(bucket, variables);
  if (gathering) return { rights: gathering, usesObjects: true };
  const rights =
    variables[JOB_ENVIRONMENT.endpointName] === undefined
      ? (evidenceRights(functionName, bucket, variables) ?? [
          ...resultsRights(cloud, functionName, bucket),
          ...shardRights(variables),
        ])
      : jobRights(cloud, functionName, bucket, variables);
  return { rights, usesObjects: true };
}

function jobRights(cloud: CloudView, functionName: string, bucket: string, variables: Properties): Right[] {
  const work = Object.entries(FUNCTIONS).find(([end]) => functionName.endsWith(end))?.[1] ?? TOOLS;
  const tableName = text(variables[JOB_ENVIRONMENT.jobTableName]);
  const table = arn("dynamodb", `table/${tableName}`);
  const endpoint = arn("sagemaker", `endpoint/${text(variables[JOB_ENVIRONMENT.endpointName])}`);
  const tableKey = text(
    child(cloud.find("aws:dynamodb/table:Table", tableName)?.inputs, "serverSideEncryption")["kmsKeyArn"],
  );
  return [
    ...(work.stores ? [["s3:PutObject", `${bucket}/${PREFIXES.input}1.json`] as const] : []),
    ...work.reads.map((prefix): Right => ["s3:GetObject", `${bucket}/${prefix}1`]),
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: 404 instead of 403 for a missing object
    ...work.finds.map((prefix): Right => ["s3:ListBucket", bucket, { "s3:prefix": `${prefix}1` }]),
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
    ...["GetItem", "PutItem", "UpdateItem"].map((action): Right => [`dynamodb:${action}`, table]),
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    ...(work.starts
      ? ([
          ["dynamodb:Query", `${table}/index/by-state`],
          ["sagemaker:DescribeEndpoint", endpoint],
          ["sagemaker:InvokeEndpointAsync", endpoint],
        ] as const)
      : []),
    ...modelRights(functionName, work.starts, variables),
    ...queueRights(cloud, functionName),
    ...streamRights(cloud, functionName, bucket),
    ...fastaRights(cloud, functionName, bucket, variables),
    ...scanRights(cloud, functionName, bucket, variables),
    ...(tableKey === "" ? [] : keyUse(tableKey, "dynamodb", ["kms:Decrypt", "kms:DescribeKey"])),
  ];
}

/**
 * Lambda reads a queue as the role of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
function queueRights(cloud: CloudView, functionName: string): Right[] {
  return cloud
    .all("aws:lambda/eventSourceMapping:EventSourceMapping")
    .filter(({ inputs }) => inputs["functionName"] === functionName)
    .filter(({ inputs }) => text(inputs["eventSourceArn"]).startsWith("arn:aws:sqs:"))
    .flatMap(({ inputs }) =>
      ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((action): Right => [
        `sqs:${action}`,
        text(inputs["eventSourceArn"]),
      ]),
    );
}
