import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { ACCOUNT } from "../account.js";

/** A request to an API, and the method that it is for. */
export interface ApiCall {
  readonly apiId: string;
  readonly stage: string;
  /** The path after the stage. */
  readonly path: string;
  /** The path of the API's document that it matches, such as `/predictions/{output_id}`. */
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/**
 * The event with which API Gateway calls a function.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(call: ApiCall, request: IncomingMessage, body: Buffer, now: Date): APIGatewayProxyEvent {
  const { apiId, stage, path, resource, pathParameters, query } = call;
  const headers = namesOf(request.rawHeaders);
  const httpMethod = request.method ?? "GET";
  const requestId = randomUUID();
  return {
    resource,
    path,
    httpMethod,
    headers: last(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size > 0 ? Object.fromEntries(query) : null,
    multiValueQueryStringParameters:
      query.size > 0 ? Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])) : null,
    pathParameters: Object.keys(pathParameters).length > 0 ? { ...pathParameters } : null,
    stageVariables: null,
    body: body.length > 0 ? body.toString("utf8") : null,
    isBase64Encoded: false,
    requestContext: {
      accountId: ACCOUNT.id,
      apiId,
      authorizer: tokenClaims(request.headers.authorization),
      domainName: request.headers.host,
      extendedRequestId: requestId,
      httpMethod,
      identity: {
        ...NOBODY,
        ...signer(request.headers.authorization),
        sourceIp: "127.0.0.1",
        userAgent: request.headers["user-agent"] ?? null,
      },
      path: `/${stage}${path}`,
      protocol: "HTTP/1.1",
      requestId,
      requestTime: now.toISOString(),
      requestTimeEpoch: now.getTime(),
      resourceId: "twin",
      resourcePath: resource,
      stage,
    },
  };
}

/** The user whose access key the signature names; the twin does not check the signature. */
function signer(authorization = ""): Partial<APIGatewayProxyEvent["requestContext"]["identity"]> {
  const [, key] = /^AWS4-HMAC-SHA256 Credential=([^/,]+)/.exec(authorization) ?? [];
  return key === undefined ? {} : { accessKey: key, userArn: `arn:aws:iam::${ACCOUNT.id}:user/${key}` };
}

/** The claims of a token; the twin does not check its signature. */
function tokenClaims(authorization = ""): { readonly claims: object } | null {
  const [, payload] = /^(?:Bearer )?[\w-]+\.([\w-]+)\.[\w-]*$/.exec(authorization) ?? [];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? { claims } : null;
  } catch {
    return null;
  }
}

/** Who calls, where the request does not say it. */
const NOBODY = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

/** All values of each header, under the name as the client wrote it. */
function namesOf(raw: readonly string[]): [string, string[]][] {
  const found = new Map<string, string[]>();
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    found.set(name, [...(found.get(name) ?? []), raw[index + 1] ?? ""]);
  }
  return [...found];
}

function last(headers: readonly [string, string[]][]): Record<string, string> {
  return Object.fromEntries(headers.map(([name, values]) => [name, values.at(-1) ?? ""]));
}
