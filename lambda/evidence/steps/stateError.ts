import type { StateError } from "../../../contract/workflow.js";

/** Most characters of a reason. */
const LONGEST = 500;

/**
 * The reason in the error of a state. A cause that is JSON is the error of a function, which has a message, or a job of AWS
 * Batch that failed, which has the reasons of job and container.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_JobDetail.html
 */
export function reasonOf({ Error: name, Cause: cause = "" }: StateError): string {
  return `${name}: ${messageIn(cause)}`.replace(/: $/, "").slice(0, LONGEST);
}

interface JsonCause {
  readonly errorMessage?: unknown;
  readonly StatusReason?: unknown;
  readonly Container?: { readonly Reason?: unknown };
}

function messageIn(cause: string): string {
  try {
    const { errorMessage, StatusReason, Container } = JSON.parse(cause) as JsonCause;
    const known = [errorMessage, StatusReason, Container?.Reason];
    return known.filter((text) => typeof text === "string").join(": ");
  } catch {
    return cause;
  }
}
