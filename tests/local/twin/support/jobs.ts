import type { AsyncInvocation } from "../../../../local/twin/sagemaker/invocation.js";
import { newJob, type Job } from "../../../../local/twin/sagemaker/job.js";

/** The parameters of an InvokeEndpointAsync request; `different` replaces defaults. */
export function anInvocation(different: Partial<AsyncInvocation> = {}): AsyncInvocation {
  return {
    inferenceId: undefined,
    input: { body: Buffer.from('{"sequence":"MKT"}') },
    contentType: "application/json",
    accept: undefined,
    customAttributes: undefined,
    outputExtension: undefined,
    filename: undefined,
    ttlSeconds: 21_600,
    timeoutSeconds: 3600,
    ...different,
  };
}

/** A job in the bucket `data`. */
export function aJob(different: Partial<AsyncInvocation> = {}, receivedAt = 0): Job {
  return newJob(anInvocation(different), "s3://data/out/", "s3://data/failures/", receivedAt);
}
