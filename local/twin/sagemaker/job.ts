import { randomUUID } from "node:crypto";
import type { AsyncInvocation } from "./invocation.js";

/** One request on its way through an asynchronous endpoint. */
export interface Job {
  readonly inferenceId: string;
  readonly invocation: AsyncInvocation;
  /** Where the answer will lie in S3. */
  readonly outputLocation: string;
  /** Where the reason of a failure will lie in S3. */
  readonly failureLocation: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** What became of a job: an answer, or why there is none, with the bytes to store. */
export interface Outcome {
  readonly status: "Completed" | "Failed" | "Expired";
  readonly body: Buffer;
  readonly contentType: string;
  /** Why there is no answer, in a sentence. */
  readonly reason?: string;
}

/** An outcome without an answer from the model: the failure object holds the reason as text. */
export function withoutAnswer(status: "Failed" | "Expired", reason: string): Outcome {
  return { status, reason, body: Buffer.from(reason), contentType: "text/plain" };
}

/**
 * Names the places of a new job. SageMaker names both after one id of its own, which is not the inference id.
 *
 * @param outputPath `s3://bucket/prefix/` of answers
 * @param failurePath the same of failures
 * @param receivedAt milliseconds since 1970
 */
export function newJob(invocation: AsyncInvocation, outputPath: string, failurePath: string, receivedAt: number): Job {
  const id = randomUUID();
  const folder = join(outputPath, invocation.outputExtension);
  return {
    inferenceId: invocation.inferenceId ?? randomUUID(),
    invocation,
    outputLocation: join(folder, invocation.filename ?? `${id}.out`),
    failureLocation: join(failurePath, `${id}-error.out`),
    receivedAt,
  };
}

function join(folder: string, name: string | undefined): string {
  return name === undefined ? folder : `${folder.replace(/\/+$/, "")}/${name.replace(/^\/+/, "")}`;
}
