import { EVIDENCE_ENVIRONMENT } from "../../../contract/environment.js";
import { PREFIXES } from "../../../contract/storage.js";
import type { Right } from "./commonRights.js";
import { text } from "./outputs.js";
import type { Properties } from "./wire.js";

const RETRIEVAL = /-retrieval$/;
const ALIGNMENT = /-alignment$/;

/**
 * What a function of evidence needs besides what every function needs; undefined for others.
 *
 * @param name name of the function
 * @param bucket ARN of the bucket
 */
export function evidenceRights(name: string, bucket: string, variables: Properties): Right[] | undefined {
  if (!RETRIEVAL.test(name) && !ALIGNMENT.test(name)) return undefined;
  const read = RETRIEVAL.test(name) ? [PREFIXES.evidence, PREFIXES.genomes] : [PREFIXES.evidence];
  const folders = text(variables[EVIDENCE_ENVIRONMENT.genomeSources])
    .split(",")
    .filter((folder) => folder.startsWith("s3:"));
  return [
    ...read.map((prefix): Right => ["s3:GetObject", `${bucket}/${prefix}1`]),
    ...read.map((prefix): Right => ["s3:ListBucket", bucket, { "s3:prefix": `${prefix}1` }]),
    ["s3:PutObject", `${bucket}/${PREFIXES.evidence}1`],
    ...folders.map((folder): Right => ["s3:GetObject", `${folder.replace("s3://", "arn:aws:s3:::")}1`]),
  ];
}
