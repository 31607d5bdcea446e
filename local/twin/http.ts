import type { IncomingMessage, ServerResponse } from "node:http";

/** An error as an AWS service answers it: a code that SDKs make a typed error of, and a message. */
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

/** Answers requests of one service. */
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
 * @param limit bytes; a longer body is not kept
 * @param tooLong the error to throw for a longer body
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

/** Sends an error in the shape that both of AWS's JSON protocols read: code in a header and in the body. */
export function sendError(response: ServerResponse, error: AwsError): void {
  sendJson(
    response,
    error.status,
    { __type: error.code, message: error.message, Message: error.message },
    { "x-amzn-errortype": error.code },
  );
}

/** Sends an error in the shape of S3. */
export function sendXmlError(response: ServerResponse, error: AwsError): void {
  const message = error.message.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${error.code}</Code><Message>${message}</Message></Error>`;
  response.writeHead(error.status, { "content-type": "application/xml", "content-length": Buffer.byteLength(xml) });
  response.end(xml);
}
