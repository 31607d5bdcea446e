import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../http.js";

/** The parameters of an InvokeEndpointAsync request, with defaults. */
export interface AsyncInvocation {
  readonly inferenceId: string | undefined;
  /** The location of the request in S3, or the request itself. */
  readonly input: { readonly location: string } | { readonly body: Buffer };
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly customAttributes: string | undefined;
  readonly outputExtension: string | undefined;
  readonly filename: string | undefined;
  /** Longest time in the queue, in seconds. */
  readonly ttlSeconds: number;
  /** Longest time that the model may take, in seconds. */
  readonly timeoutSeconds: number;
}

/** Largest body of a request, in bytes. */
export const MAX_INLINE_BYTES = 128_000;

/** Smallest and largest length or value, from the API reference. */
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
 * @throws AwsError `ValidationError`, which names the parameter and the allowed values
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

/** The error for a parameter with a value that the API does not allow. */
export function invalid(member: string, constraint: string): AwsError {
  return new AwsError(400, "ValidationError", `1 validation error detected: Value at '${member}' ${constraint}.`);
}

function readInput(location: string | undefined, body: Buffer): AsyncInvocation["input"] {
  if (location === undefined) {
    if (body.length === 0) throw invalid("inputLocation", "must not be null if the request has no Body");
    return { body };
  }
  if (body.length > 0) throw invalid("inputLocation", "must be null if the request has a Body: send one of the two");
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
