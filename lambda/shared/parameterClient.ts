import { SSMClient } from "@aws-sdk/client-ssm";
import { requestLimits } from "./clients.js";

/** The client of Systems Manager. Only stacks with several model versions load it. */
export function createSsm(functionTimeoutSeconds: number): SSMClient {
  const { maxAttempts, ...timeouts } = requestLimits(functionTimeoutSeconds);
  return new SSMClient({ maxAttempts, requestHandler: { ...timeouts, throwOnRequestTimeout: true } });
}
