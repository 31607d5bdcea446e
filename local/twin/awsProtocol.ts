import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson, type AwsError } from "./http.js";

/** Requests without a signature, and with signatures from before 2014, are meant for S3. */
export const DEFAULT_SERVICE = "s3";

/** Where the APIs of API Gateway are: in AWS, each has its own host. */
export const API_PATH = "/_aws/execute-api/";

/** Services that use REST and XML, S3 aside. */
const REST_XML_SERVICES = ["cloudfront", "route53"];

const FORM = "application/x-www-form-urlencoded";

/**
 * The service that a request is meant for: the one in the credential scope of its signature.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function serviceOf(request: IncomingMessage): string {
  // Requests with a token have no signature.
  if (request.url?.startsWith(API_PATH)) return "execute-api";
  const scope =
    /Credential=[^/,\s]+\/([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1] ??
    urlOf(request)
      .searchParams.get("X-Amz-Credential")
      ?.replace(/^[^/]+\//, "");
  return scope?.split("/")[2] ?? DEFAULT_SERVICE;
}

/** Whether the request names its operation in its body, as AWS's query protocol does. */
export function namesOperationInBody({ headers }: IncomingMessage): boolean {
  return headers["content-type"]?.startsWith(FORM) ?? false;
}

/**
 * The operation that a request asks for, such as `PutItem`; for a REST service the HTTP method and path.
 *
 * @param body needed if {@link namesOperationInBody}
 */
export function operationOf(request: IncomingMessage, body: Buffer = Buffer.alloc(0)): string {
  const { pathname } = urlOf(request);
  const target = request.headers["x-amz-target"];
  return (
    (typeof target === "string" ? target.split(".").at(-1) : undefined) ??
    /^\/service\/\w+\/operation\/(\w+)$/.exec(pathname)?.[1] ??
    (namesOperationInBody(request) ? new URLSearchParams(body.toString()).get("Action") : undefined) ??
    `${request.method ?? ""} ${pathname}`
  );
}

/**
 * Sends an error in the protocol of the request, so that every SDK reads its code and message.
 *
 * @see https://smithy.io/2.0/aws/protocols/
 */
export function sendError(request: IncomingMessage, response: ServerResponse, error: AwsError): void {
  const service = serviceOf(request);
  if (request.headers["smithy-protocol"] === "rpc-v2-cbor") {
    sendBytes(response, error, "application/cbor", cborOf({ __type: error.code, message: error.message }), {
      "smithy-protocol": "rpc-v2-cbor",
    });
  } else if (service === DEFAULT_SERVICE) {
    sendXml(response, error, errorElement(error));
  } else if (service === "ec2") {
    sendXml(response, error, `<Response><Errors>${errorElement(error)}</Errors></Response>`);
  } else if (namesOperationInBody(request) || REST_XML_SERVICES.includes(service)) {
    sendXml(response, error, `<ErrorResponse>${errorElement(error)}</ErrorResponse>`);
  } else {
    const body = { __type: error.code, message: error.message, Message: error.message };
    sendJson(response, error.status, body, { "x-amzn-errortype": error.code });
  }
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? "/", "http://twin");
}

function errorElement({ code, message }: AwsError): string {
  const escaped = message.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<Error><Code>${code}</Code><Message>${escaped}</Message></Error>`;
}

function sendXml(response: ServerResponse, error: AwsError, element: string): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${element}`;
  sendBytes(response, error, "application/xml", Buffer.from(xml));
}

function sendBytes(
  response: ServerResponse,
  { status }: AwsError,
  contentType: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": contentType, "content-length": body.length, ...headers });
  response.end(body);
}

/** Encodes fewer than 24 texts as a CBOR map (RFC 8949). */
function cborOf(texts: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(texts);
  return Buffer.concat([Buffer.from([0xa0 | entries.length]), ...entries.flat().map(cborText)]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from([0x7a, 0, 0, 0, 0]);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
