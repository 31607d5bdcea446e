import { ToolError } from "../../contract/errors.js";

/** Names under which AWS services and the SDK say that a call was denied. */
const DENIED = /^(AccessDenied|AccessDeniedException|AuthorizationError|KMS\.?AccessDeniedException)$/;

/** Names under which AWS services, the SDK and Node.js say that a call may succeed later. */
const BUSY =
  /^(TimeoutError|Throttl\w*|TooManyRequests\w*|ProvisionedThroughputExceeded\w*|RequestLimitExceeded|RequestTimeout\w*|SlowDown|ServiceUnavailable\w*|Internal\w*|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)$/;

/** Names under which SageMaker says that an endpoint does not exist, or takes no requests. */
const NO_ENDPOINT = /^(ValidationError|ValidationException|ResourceNotFound\w*)$/;

/** What AWS errors carry beside their message, whichever client threw them. */
interface AwsErrorFacts {
  readonly name?: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/**
 * Waits for an AWS call, and tells a caller what its failure means for them. The service's own message stays in the
 * error's cause: it names roles and accounts, which are the owner's business.
 *
 * @param action as IAM writes it, such as `s3:GetObject`
 * @param call what was sent
 * @throws ToolError `ACCESS_DENIED`, `SERVICE_BUSY` or, of SageMaker, `ENDPOINT_UNAVAILABLE`; any other error as it is
 */
export async function awsCall<Answer>(action: string, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    throw meaningOf(action, error) ?? error;
  }
}

/** What names and codes an error has: connection faults carry theirs in `code`. */
export function namesOf(error: unknown): string[] {
  const { name, code } = (typeof error === "object" && error !== null ? error : {}) as AwsErrorFacts;
  return [name, code].filter((text) => typeof text === "string");
}

function meaningOf(action: string, error: unknown): ToolError | undefined {
  const names = namesOf(error);
  const status = ((error ?? {}) as AwsErrorFacts).$metadata?.httpStatusCode ?? 0;
  const options = { details: { action }, cause: error };
  if (names.some((name) => DENIED.test(name))) {
    return new ToolError(
      "ACCESS_DENIED",
      `The function's role may not call ${action}; the stack's owner can allow it, or deploy the stack again.`,
      options,
    );
  }
  if (action.startsWith("sagemaker:") && names.some((name) => NO_ENDPOINT.test(name))) {
    return new ToolError(
      "ENDPOINT_UNAVAILABLE",
      "The model's endpoint does not exist or is not in service; the stack's owner can see why by " +
        "`aws sagemaker describe-endpoint`. Submit again once it is.",
      options,
    );
  }
  if (status >= 500 || status === 429 || names.some((name) => BUSY.test(name))) {
    return new ToolError(
      "SERVICE_BUSY",
      `AWS did not answer ${action} in time or throttled it; call again in a minute.`,
      options,
    );
  }
  return undefined;
}
