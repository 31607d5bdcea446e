import { FASTA_ENVIRONMENT } from "../../../contract/environment.js";
import { DROP_OUTPUTS, SUBMITTED_PREFIX } from "../../../contract/fastaDrop.js";
import { PREFIXES } from "../../../contract/storage.js";
import type { CloudView } from "./cloudState.js";
import { keyUse, type Right } from "./commonRights.js";
import { text } from "./outputs.js";
import type { Properties } from "./wire.js";

/**
 * What a function needs besides to work with FASTA files: the function for them, and the tools' function. None without
 * their queue.
 *
 * @param functionName name of the function
 * @param bucket ARN of the bucket
 * @param variables environment of the function: without the address of the queue it does not work with files
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function fastaRights(cloud: CloudView, functionName: string, bucket: string, variables: Properties): Right[] {
  const [queue] = cloud.all("aws:sqs/queue:Queue").filter(({ id }) => id.endsWith("-fasta-tasks"));
  const isTools = functionName.endsWith("-async-endpoint-lambda");
  if (queue === undefined || variables[FASTA_ENVIRONMENT.queueUrl] === undefined) return [];
  const key = text(queue.inputs["kmsMasterKeyId"]);
  return [
    ["sqs:SendMessage", text(queue.outputs["arn"])],
    ...(key === "" ? [] : keyUse(key, "sqs", ["kms:Decrypt", "kms:GenerateDataKey"])),
    ...(isTools
      ? ([
          ["s3:PutObject", `${bucket}/${SUBMITTED_PREFIX}1.fasta`],
          ["s3:GetObject", `${bucket}/${PREFIXES.uploads}1`],
        ] as const)
      : [PREFIXES.drops + "1", ...Object.values(DROP_OUTPUTS).map((end) => `${PREFIXES.uploads}1.fasta${end}`)].map(
          (object): Right => ["s3:PutObject", `${bucket}/${object}`],
        )),
  ];
}
