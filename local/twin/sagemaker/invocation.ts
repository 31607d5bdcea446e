import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../http.js";

/** What a caller of InvokeEndpointAsync asks for, defaults filled in. */
export interface AsyncInvocation {
  readonly inferenceId: string | undefined;
  /** Where the request lies in S3, or the request itself. */
  readonly input: { readonly location: string } | { readonly body: Buffer };
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly customAttributes: string | undefined;
  readonly outputExtension: string | undefined;
  readonly filename: string | undefined;
  /** Seconds that the request may wait in the queue. */
  readonly ttlSeconds: number;
  /** Seconds that the model may take. */
  readonly timeoutSeconds: number;
}

/** The most bytes that a request may carry in its body. */
export const MAX_INLINE_BYTES = 128_000;

/** Length or value, least to greatest, as the service's API model has them. */
const LIMITS = {
  inferenceId: [1, 64],
  customAttributes: [0, 1024],
  inputLocation: [1, 1024],
  outputExtension: [1, 512],
  filename: [1, 32],
  requestTTLSeconds: [60, 21_600],
  invocationTimeoutSeconds: [1, 3600],
} as const;

const DEFAULT_TTL_SECONDS = 21_600;
const DEFAULT_TIMEOUT_SECONDS = 900;

/**
 * Reads and checks the headers and body of an InvokeEndpointAsync request.
 *
 * @throws AwsError `ValidationError`, naming the member and what is allowed
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export function readInvocation(headers: IncomingHttpHeaders, body: Buffer): AsyncInvocation {
  const location = text(headers, "InputLocation", "inputLocation");
  const customAttributes = text(headers, "Custom-Attributes", "customAttributes");
  const filename = text(headers, "Filename", "filename");
  if (customAttributes !== undefined && !/^[\x20-\x7e]*$/.test(customAttributes)) {
    throw invalid("customAttributes", "must hold visible ASCII characters only");
  }
  if (filename !== undefined && filename.split(".").length > 2) throw invalid("filename", "may hold at most one dot");
  return {
    inferenceId: text(headers, "Inference-Id", "inferenceId"),
    input: readInput(location, body),
    contentType: header(headers, "Content-Type"),
    accept: header(headers, "Accept"),
    customAttributes,
    outputExtension: text(headers, "S3OutputPathExtension", "outputExtension"),
    filename,
    ttlSeconds: integer(headers, "RequestTTLSeconds", "requestTTLSeconds") ?? DEFAULT_TTL_SECONDS,
    timeoutSeconds: integer(headers, "InvocationTimeoutSeconds", "invocationTimeoutSeconds") ?? DEFAULT_TIMEOUT_SECONDS,
  };
}

/** A request that breaks a rule of the API. */
export function invalid(member: string, constraint: string): AwsError {
  return new AwsError(400, "ValidationError", `1 validation error detected: Value at '${member}' ${constraint}.`);
}

function readInput(location: string | undefined, body: Buffer): AsyncInvocation["input"] {
  if (location === undefined) {
    if (body.length === 0) throw invalid("inputLocation", "must not be null where no Body is given");
    return { body };
  }
  if (body.length > 0) throw invalid("inputLocation", "must be null where a Body is given: send one of the two");
  if (!/^(https|s3):\/\/[^/]+\/.+$/.test(location)) {
    throw invalid("inputLocation", "must name an object, such as s3://bucket/key");
  }
  return { location };
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[`x-amzn-sagemaker-${name.toLowerCase()}`];
  return Array.isArray(value) ? value.join(",") : value;
}

function text(headers: IncomingHttpHeaders, name: string, member: keyof typeof LIMITS): string | undefined {
  const value = header(headers, name);
  const [least, most] = LIMITS[member];
  if (value !== undefined && (value.length < least || value.length > most)) {
    throw invalid(member, `must have a length from ${least} to ${most}, not ${value.length}`);
  }
  return value;
}

function integer(headers: IncomingHttpHeaders, name: string, member: keyof typeof LIMITS): number | undefined {
  const value = header(headers, name);
  if (value === undefined) return undefined;
  const [least, most] = LIMITS[member];
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw invalid(member, `must be a whole number from ${least} to ${most}, not ${value}`);
  }
  return number;
}
