import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import * as z from "zod";
import { InputError } from "../../contract/errors.js";

/** The parts of a request that the function reads. */
export type HttpRequest = Pick<
  APIGatewayProxyEvent,
  "httpMethod" | "resource" | "headers" | "body" | "isBase64Encoded" | "pathParameters" | "queryStringParameters"
> & { readonly requestContext: Pick<APIGatewayProxyEvent["requestContext"], "path"> };

const texts = z.record(z.string(), z.string());

const httpRequest = z.object({
  httpMethod: z.string(),
  resource: z.string(),
  headers: texts.nullable().transform((headers) => headers ?? {}),
  body: z.string().nullable(),
  isBase64Encoded: z.boolean(),
  pathParameters: texts.nullable(),
  queryStringParameters: texts.nullable(),
  requestContext: z.object({ path: z.string() }),
});

/** The request of an HTTP API, if the event is one: API Gateway calls the function with it. */
export function readRequest(event: unknown): HttpRequest | undefined {
  return httpRequest.safeParse(event).data;
}

/**
 * The body as an object. The message of the parser is left out: it repeats the text, which can be a sequence.
 *
 * @throws InputError if it is no JSON object
 */
export function readBody({ body, isBase64Encoded }: HttpRequest): Readonly<Record<string, unknown>> {
  const text = isBase64Encoded ? Buffer.from(body ?? "", "base64").toString("utf8") : (body ?? "");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InputError("INVALID_INPUT", `The body of ${text.length} characters is not JSON; ${BODY}.`);
  }
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw new InputError("INVALID_INPUT", `The body is ${Array.isArray(parsed) ? "a list" : typeof parsed}; ${BODY}.`);
}

const BODY = 'send one JSON object, such as {"sequence": "MKT"}';

export type Headers = Readonly<Record<string, string | number>>;

/**
 * A response with a body in JSON, which no cache keeps unless `headers` say so.
 *
 * @param origins origins of web pages that may read it
 */
export function jsonResponse(
  request: HttpRequest,
  origins: readonly string[],
  [statusCode, headers]: readonly [number, Headers],
  body: object,
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: {
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      ...headers,
      ...crossOrigin(request, origins),
    },
    body: JSON.stringify(body),
  };
}

/**
 * Headers with which a web page of one of the origins may read a response.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS
 */
function crossOrigin({ headers }: HttpRequest, origins: readonly string[]): Headers {
  if (origins.length === 0) return {};
  const origin = headers["origin"] ?? headers["Origin"] ?? "";
  return {
    Vary: "Origin",
    ...(origins.includes(origin) && {
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Expose-Headers": "Location, Retry-After",
    }),
  };
}
