/** Prefixes of the bucket. SageMaker chooses the names of the objects below `output` and `failure`. */
export const PREFIXES = {
  input: "async-inference-input/",
  output: "async-inference-output/",
  failure: "async-inference-failures/",
  uploads: "uploads/",
  drops: "fasta-drops/",
  scans: "scans/",
  genomes: "genomes/",
  evidence: "evidence/",
  audit: "audit/",
} as const;

/** Prefixes of the records of the stream that did not become jobs, with their content. */
export const STREAM_PREFIXES = {
  /** Records that can never become jobs, with the reason: one object each. */
  refused: "stream-failures/",
  /** Batches that Lambda gave up after its retries. Lambda chooses the prefix. */
  givenUp: "aws/lambda/",
} as const;

/** The key of a job's request: `async-inference-input/{output_id}.json`. */
export function inputKey(outputId: string): string {
  return `${PREFIXES.input}${outputId}.json`;
}

/** Bucket and key of an object in S3. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** The address `s3://bucket/key` of an object in S3. */
export function s3Uri({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}

/**
 * Parses `s3://bucket/key`.
 *
 * @throws RangeError if the text is not an S3 address
 */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri);
  if (!match?.[1] || !match[2]) throw new RangeError(`'${uri}' is not an S3 address such as s3://bucket/key.`);
  return { bucket: match[1], key: match[2] };
}
