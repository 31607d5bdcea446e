import type { IncomingMessage, ServerResponse } from "node:http";

/** An error as an AWS service answers it: SDKs turn the code into the name of the error that they throw. */
export class AwsError extends Error {
  override readonly name = "AwsError";

  /**
   * @param status HTTP status
   * @param code the service's name of the error, such as `ValidationException`
   */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The error for an operation that the twin lacks. SDKs and the AWS CLI retry status 500, 502, 503 and 504, but not 501.
 *
 * @param operation such as `PutItem`, or HTTP method and path
 * @param detail what is emulated instead, or the emulator's reason
 */
export function notEmulated(service: string, operation: string, detail: string): AwsError {
  return new AwsError(501, "NotImplemented", `The local twin does not emulate ${service} ${operation} (${detail}).`);
}

/** Answers one request of a service. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Reads a whole body. */
export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Reads a request's body.
 *
 * @param limit bytes; the rest of a longer body is read, but not kept in memory
 * @param tooLong makes the error that a longer body is answered with
 * @throws AwsError from `tooLong`
 */
export async function readBody(request: IncomingMessage, limit: number, tooLong: () => AwsError): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) throw tooLong();
  return Buffer.concat(chunks);
}

/** Sends JSON with a Content-Length. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length, ...headers });
  response.end(bytes);
}
