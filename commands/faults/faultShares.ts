import { AwsError } from "../../local/twin/http.js";

/** Tries of one request by the SDK: if all of them fail, the caller gets an error. */
export const SDK_TRIES = 3;

/** Errors that services answer under load, and the shares of requests: one try alone, and all tries of a request. */
export const REFUSALS: Readonly<Record<string, { error: AwsError; once: number; always: number; lost: number }>> = {
  s3: { error: new AwsError(503, "SlowDown", "Reduce your request rate."), once: 0.03, always: 0.01, lost: 0.01 },
  dynamodb: {
    error: new AwsError(400, "ProvisionedThroughputExceededException", "The request rate is too high."),
    once: 0.02,
    always: 0.004,
    lost: 0.008,
  },
  sagemaker: { error: new AwsError(503, "ServiceUnavailable", "Try again."), once: 0.03, always: 0.01, lost: 0.01 },
};

/** Shares of the other faults. */
export const SHARES = {
  throttle: 0.02,
  timeout: 0.03,
  download: 0.01,
  upload: 0.015,
  dropped: 0.05,
  doubled: 0.05,
  delayed: 0.05,
  reordered: 0.05,
  slow: 0.03,
  modelError: 0.02,
};
