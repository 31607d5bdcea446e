import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { API_PATH } from "../awsProtocol.js";
import type { Clock } from "../clock.js";
import type { InvokeResult } from "../functions/result.js";
import { readAll, sendJson } from "../http.js";
import { proxyEvent, type ApiCall } from "./event.js";

/** Most bytes of a request, as in API Gateway. */
const MAX_BODY_BYTES = 10_485_760;

const integration = z.looseObject({ type: z.string(), uri: z.string().optional() });

const operation = z.looseObject({
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  "x-amazon-apigateway-integration": integration,
});

const document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ securitySchemes: z.record(z.string(), z.looseObject({ name: z.string() })) }),
});

type Document = z.infer<typeof document>;

export interface ApiServices {
  readonly clock: Clock;
  /** Calls a function with an event. */
  readonly invoke: (functionName: string, event: Buffer) => Promise<InvokeResult>;
}

interface Found extends ApiCall {
  /** Headers of the authorization that the method needs. */
  readonly needed: readonly string[];
  readonly functionName: string;
}

/** What API Gateway says of an address that it does not have, and of a request without authorization. */
const NO_TOKEN = "Missing Authentication Token";

/** The answer of a function to API Gateway. */
const proxyResult = z.object({
  statusCode: z.int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  body: z.string().optional(),
});

/**
 * API Gateway: finds the method of a REST API in the document of which it was made, and calls its function. Requests must
 * have the headers of their authorization, which nobody checks. Documents are not checked either: the function does that.
 */
export class ApiService {
  private readonly apis = new Map<string, Document>();

  constructor(private readonly services: ApiServices) {}

  /** Adds an API, by the document in its `body`. */
  add(id: string, body: string): void {
    this.apis.set(id, document.parse(JSON.parse(body)));
  }

  /** Answers a request to an API, whose path is `{API_PATH}{id}/{stage}/...`. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = this.find(request);
    const body = await readAll(request);
    const missing = call?.needed.find((header) => request.headers[header.toLowerCase()] === undefined);
    if (body.length > MAX_BODY_BYTES) sendJson(response, 413, { message: "Request Too Long" });
    else if (missing === "x-api-key") sendJson(response, 403, { message: "Forbidden" });
    else if (call === undefined || missing !== undefined) sendJson(response, 403, { message: NO_TOKEN });
    else if (call.functionName === "")
      sendJson(response, 501, { message: "The local twin answers no preflight request." });
    else await this.forward(call, request, body, response);
  }

  private async forward(call: Found, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const event = proxyEvent(call, request, body, new Date(this.services.clock.now()));
    const result = await this.services.invoke(call.functionName, Buffer.from(JSON.stringify(event)));
    const read = result.failed ? undefined : proxyResult.safeParse(JSON.parse(result.payload.toString())).data;
    if (read === undefined) {
      sendJson(response, 502, { message: "Internal server error" });
      return;
    }
    const { statusCode, headers = {}, body: text = "" } = read;
    const bytes = Buffer.from(text);
    response.writeHead(statusCode, {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      "content-length": bytes.length,
    });
    response.end(bytes);
  }

  private find(request: IncomingMessage): Found | undefined {
    const url = new URL(request.url ?? "/", "http://twin");
    const [apiId = "", stage = "", ...parts] = url.pathname.slice(API_PATH.length).split("/");
    const { paths, components } = this.apis.get(apiId) ?? { paths: {}, components: { securitySchemes: {} } };
    const method = (request.method ?? "GET").toLowerCase();
    for (const [resource, methods] of Object.entries(paths)) {
      const pathParameters = matched(resource.split("/").slice(1), parts);
      const found = methods[method];
      if (pathParameters === undefined || found === undefined) continue;
      const { uri = "" } = found["x-amazon-apigateway-integration"];
      const schemes = (found.security ?? []).flatMap((needed) => Object.keys(needed));
      return {
        apiId,
        stage,
        path: `/${parts.join("/")}`,
        resource,
        pathParameters,
        query: url.searchParams,
        needed: schemes.map((scheme) => components.securitySchemes[scheme]?.name ?? scheme),
        functionName: /:function:([^/]+)\//.exec(uri)?.[1] ?? "",
      };
    }
    return undefined;
  }
}

/** The parameters of a path, decoded; undefined if it does not match. */
function matched(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (template.length !== parts.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    const part = parts[index] ?? "";
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined ? segment !== part : part === "") return undefined;
    if (name !== undefined) found[name] = decoded(part);
  }
  return found;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
