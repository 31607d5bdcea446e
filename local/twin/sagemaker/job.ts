import { randomUUID } from "node:crypto";
import type { AsyncInvocation } from "./invocation.js";

/** One request to an asynchronous endpoint. */
export interface Job {
  readonly inferenceId: string;
  readonly invocation: AsyncInvocation;
  /** S3 URI of the answer. */
  readonly outputLocation: string;
  /** S3 URI of the failure. */
  readonly failureLocation: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** The outcome of a job: the answer or the failure, with the object to store. */
export interface Outcome {
  readonly status: "Completed" | "Failed" | "Expired";
  readonly body: Buffer;
  readonly contentType: string;
  /** Why there is no answer, in one sentence. */
  readonly reason?: string;
}

/** The outcome of a job that the model did not answer. The failure object holds the reason as text. */
export function withoutAnswer(status: "Failed" | "Expired", reason: string): Outcome {
  return { status, reason, body: Buffer.from(reason), contentType: "text/plain" };
}

/**
 * Makes a job. As in SageMaker, the names of its objects contain an id that differs from the inference id.
 *
 * @param outputPath `s3://bucket/prefix/` for answers
 * @param failurePath `s3://bucket/prefix/` for failures
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
