import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { variantEffects, type VariantEffects } from "../contract/result.js";
import { parseS3Uri } from "../contract/storage.js";
import type { GetResultsData } from "../contract/tools.js";
import { DataError } from "./dataError.js";

/**
 * The whole result of a completed job: from the answer, or from S3 where it was too large for the answer.
 *
 * @throws DataError where the job is not completed; errors of the SDK where S3 refuses the request
 */
export async function wholeResult(answer: GetResultsData, s3: S3Client): Promise<VariantEffects> {
  const { results, s3_output_path: path, output_id: id, status } = answer;
  if (results === null || path === null) throw new DataError(`job ${id} is ${status}: it has no result.`);
  if (!("detail" in results)) return variantEffects.parse(results);
  const { bucket, key } = parseS3Uri(path);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return variantEffects.parse(JSON.parse((await Body?.transformToString()) ?? ""));
}
