import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AwsError } from "../http.js";

/**
 * Checks that the body of an Invoke request is JSON. An empty body is the event `{}`.
 *
 * @throws AwsError `InvalidRequestContentException` if it is not JSON
 */
export function readEvent(body: Buffer): Buffer {
  if (body.length === 0) return Buffer.from("{}");
  try {
    JSON.parse(body.toString("utf8"));
    return body;
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unreadable";
    throw new AwsError(400, "InvalidRequestContentException", `Could not parse request body into json: ${reason}`);
  }
}

/**
 * The client context of a request as JSON; undefined if it has none.
 *
 * @throws AwsError `InvalidRequestContentException` if it is not JSON in base64
 */
export function readClientContext(request: IncomingMessage): string | undefined {
  const encoded = request.headers["x-amz-client-context"];
  if (typeof encoded !== "string") return undefined;
  const json = Buffer.from(encoded, "base64").toString("utf8");
  try {
    JSON.parse(json);
    return json;
  } catch {
    throw new AwsError(400, "InvalidRequestContentException", "The client context is not JSON in base64.");
  }
}

/** A new trace header of X-Ray. */
export function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const hex = randomUUID().replaceAll("-", "");
  return `Root=1-${seconds}-${hex.slice(0, 24)};Parent=${hex.slice(0, 16)};Sampled=1`;
}
