import { ACCOUNT } from "../account.js";
import type { Job, Outcome } from "./job.js";

/**
 * The message that SageMaker publishes about one job.
 *
 * @param eventTime milliseconds since 1970
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
 */
export function notificationOf(endpointName: string, job: Job, outcome: Outcome, eventTime: number): object {
  const { input, accept, contentType } = job.invocation;
  const where =
    outcome.status === "Completed" ? { outputLocation: job.outputLocation } : { failureLocation: job.failureLocation };
  return {
    awsRegion: ACCOUNT.region,
    eventTime: new Date(eventTime).toISOString(),
    receivedTime: new Date(job.receivedAt).toISOString(),
    invocationStatus: outcome.status,
    ...(outcome.reason === undefined ? {} : { failureReason: outcome.reason }),
    requestParameters: {
      ...(accept === undefined ? {} : { accept }),
      ...(contentType === undefined ? {} : { contentType }),
      endpointName,
      ...("location" in input ? { inputLocation: input.location } : {}),
    },
    responseParameters: { contentType: outcome.contentType, ...where },
    inferenceId: job.inferenceId,
    eventVersion: "1.0",
    eventSource: "aws:sagemaker",
    eventName: "InferenceResult",
  };
}
