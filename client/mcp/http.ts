import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { isLoopback, refusalOf, type Access } from "./access.js";

/** Where a server listens, and who may call it. */
export interface HttpOptions extends Omit<Access, "loopback"> {
  /** 0: a free one. */
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
}

/** A server that listens. */
export interface HttpServer {
  /** Address of the one path, such as `http://127.0.0.1:8800/mcp`. */
  readonly url: string;
  close(): Promise<void>;
}

const PATH = "/mcp";

/** Most bytes of a request: the longest protein and all variants that a tool takes are far below. */
const MOST_BYTES = 1_000_000;

/** Most sessions; the one that was used least recently ends for a new one. */
const MOST_SESSIONS = 100;

/**
 * Serves the Model Context Protocol over Streamable HTTP: one session for each client.
 *
 * @param newServer makes the server of a session
 * @throws Error where the address cannot be listened on
 */
export async function serveHttp(newServer: () => McpServer, options: HttpOptions): Promise<HttpServer> {
  const { port, host } = options;
  const access: Access = { ...options, loopback: isLoopback(host) };
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer((request, response) => {
    const refusal = refusalOf(request.headers, access);
    if (refusal) refuse(response, refusal.status, refusal.message);
    else if (request.url?.split("?")[0] !== PATH) refuse(response, 404, `The only path is ${PATH}.`);
    else
      answer(request, response, sessions, newServer).catch((error: unknown) => {
        console.error(error);
        refuse(response, 500, "The server failed.");
      });
  });
  await new Promise<void>((listening, failed) => {
    http.once("error", failed).listen(port, host, listening);
  });
  const { address, family, port: used } = http.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${used}${PATH}`,
    close: async () => {
      await Promise.all([...sessions.values()].map((session) => session.close()));
      http.closeAllConnections();
      await new Promise((closed) => http.close(closed));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  sessions: Map<string, StreamableHTTPServerTransport>,
  newServer: () => McpServer,
): Promise<void> {
  const id = request.headers["mcp-session-id"];
  if (id === undefined) {
    // Only a request that opens a session is answered without one: the transport refuses all others.
    const session = await begin(sessions, newServer);
    await session.handleRequest(request, response);
    return;
  }
  const session = sessions.get(String(id));
  if (!session) {
    refuse(response, 404, "There is no such session; initialize a new one.");
    return;
  }
  sessions.delete(String(id));
  sessions.set(String(id), session);
  await session.handleRequest(request, response);
}

async function begin(
  sessions: Map<string, StreamableHTTPServerTransport>,
  newServer: () => McpServer,
): Promise<StreamableHTTPServerTransport> {
  const session = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    maxRequestBodySize: MOST_BYTES,
    onsessioninitialized: (id) => {
      sessions.set(id, session);
      const [oldest] = sessions;
      if (sessions.size > MOST_SESSIONS && oldest) void oldest[1].close();
    },
  });
  session.onclose = () => {
    if (session.sessionId !== undefined) sessions.delete(session.sessionId);
  };
  await newServer().connect(session);
  return session;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const authenticate = status === 401 ? { "WWW-Authenticate": "Bearer" } : {};
  response.writeHead(status, { "Content-Type": "application/json", ...authenticate });
  response.end(JSON.stringify({ jsonrpc: "2.0", error: { code: -32000, message }, id: null }));
}
