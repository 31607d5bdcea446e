import { ToolError } from "../../contract/errors.js";

/** Names of the errors with which AWS services and the SDK deny a call. */
const DENIED = /^(AccessDenied|AccessDeniedException|AuthorizationError|KMS\.?AccessDeniedException)$/;

/** Names of the errors of AWS services, the SDK and Node.js after which a call may succeed later. */
const BUSY =
  /^(TimeoutError|Throttl\w*|TooManyRequests\w*|ProvisionedThroughputExceeded\w*|RequestLimitExceeded|RequestTimeout\w*|SlowDown|ServiceUnavailable\w*|Internal\w*|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)$/;

/** Names of the errors with which SageMaker reports that an endpoint does not exist, or accepts no requests. */
const NO_ENDPOINT = /^(ValidationError|ValidationException|ResourceNotFound\w*)$/;

/** Properties of an AWS error besides its message. */
interface AwsErrorProperties {
  readonly name?: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/**
 * Waits for an AWS call, and turns its error into a ToolError that says what the caller can do. The message of the
 * AWS service is only in the error's cause: it has names of roles and accounts, which only the stack's owner may see.
 *
 * @param action the IAM action, such as `s3:GetObject`
 * @param call the request that was sent
 * @throws ToolError `ACCESS_DENIED`, `SERVICE_BUSY` or, for SageMaker, `ENDPOINT_UNAVAILABLE`; other errors unchanged
 */
export async function awsCall<Answer>(action: string, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    throw toolErrorFor(action, error) ?? error;
  }
}

/** The names and codes of an error: connection errors have theirs in `code`. */
export function namesOf(error: unknown): string[] {
  const { name, code } = (typeof error === "object" && error !== null ? error : {}) as AwsErrorProperties;
  return [name, code].filter((text) => typeof text === "string");
}

function toolErrorFor(action: string, error: unknown): ToolError | undefined {
  const names = namesOf(error);
  const status = ((error ?? {}) as AwsErrorProperties).$metadata?.httpStatusCode ?? 0;
  const options = { details: { action }, cause: error };
  if (names.some((name) => DENIED.test(name))) {
    return new ToolError(
      "ACCESS_DENIED",
      `The function's role does not allow ${action}; the stack's owner can allow it, or deploy the stack again.`,
      options,
    );
  }
  if (action.startsWith("sagemaker:") && names.some((name) => NO_ENDPOINT.test(name))) {
    return new ToolError(
      "ENDPOINT_UNAVAILABLE",
      "The model's endpoint does not exist or is not in service; `aws sagemaker describe-endpoint` shows the stack's " +
        "owner the reason. Submit again when it is in service.",
      options,
    );
  }
  if (status >= 500 || status === 429 || names.some((name) => BUSY.test(name))) {
    return new ToolError(
      "SERVICE_BUSY",
      `AWS did not answer ${action} in time, or throttled it; call again in a minute.`,
      options,
    );
  }
  return undefined;
}
