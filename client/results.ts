import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { variantEffects, type VariantEffects } from "../contract/result.js";
import { parseS3Uri } from "../contract/storage.js";
import type { GetResultsData } from "../contract/tools.js";

/**
 * The whole result of a completed job: from the answer itself, or from S3 where it was too large for one.
 *
 * @throws RangeError where the job is not completed; the SDK's errors where S3 refuses
 */
export async function wholeResult(answer: GetResultsData, s3: S3Client): Promise<VariantEffects> {
  const { results, s3_output_path: path, output_id: id, status } = answer;
  if (results === null || path === null) throw new RangeError(`Job ${id} is ${status}: there is no result to read.`);
  if (!("detail" in results)) return variantEffects.parse(results);
  const { bucket, key } = parseS3Uri(path);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return variantEffects.parse(JSON.parse((await Body?.transformToString()) ?? ""));
}
