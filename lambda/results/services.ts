import { S3Client } from "@aws-sdk/client-s3";
import { RESULTS_ENVIRONMENT } from "../../contract/environment.js";

/** How long one request may take, in milliseconds: files have up to 32 MB. */
const REQUEST_MS = 60_000;
const CONNECTION_MS = 1_000;

/** Creates the client of S3. Call it at module scope, so that the next calls use the same connections. */
export function createS3(): S3Client {
  const limits = { requestTimeout: REQUEST_MS, connectionTimeout: CONNECTION_MS, throwOnRequestTimeout: true };
  return new S3Client({ maxAttempts: 3, requestHandler: limits });
}

/**
 * The name of the bucket of the result store.
 *
 * @param variables the process's environment
 * @throws Error if it is not set
 */
export function bucketName(variables: Readonly<Record<string, string | undefined>>): string {
  const name = variables[RESULTS_ENVIRONMENT.bucketName];
  if (name === undefined || name === "") {
    throw new Error(`${RESULTS_ENVIRONMENT.bucketName} is not set: deploy the stack again, which sets it.`);
  }
  return name;
}
