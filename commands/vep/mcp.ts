import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { isLoopback } from "../../client/mcp/access.js";
import { createServer, type Deployment } from "../../client/mcp/server.js";
import { ROOT } from "../check/checks.js";
import { UsageError } from "../command.js";
import { withTarget, type TargetOptions } from "./target.js";
import { workflowsOf } from "./workflows.js";

/** Options of `vep mcp`. */
export interface McpOptions extends TargetOptions {
  /** Port of Streamable HTTP. Default: standard input and output. */
  readonly http?: number;
  /** Address to listen on. */
  readonly host: string;
  /** Origins of web pages that may call it. */
  readonly allowOrigin?: string[];
}

/** Environment variable of the bearer token: the command line of a process can be read by others. */
const TOKEN = "VEP_MCP_TOKEN";

const SHORTEST_TOKEN = 16;

/**
 * Serves the Model Context Protocol: on standard input and output until the client closes it, or over HTTP until this
 * process is told to end.
 *
 * @throws UsageError where it could be reached from other machines without a token
 */
export async function serveMcp(options: McpOptions): Promise<number> {
  const token = tokenFor(options);
  const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
  await withTarget(options, (found) => {
    const target = { ...found, workflows: workflowsOf(found) };
    return options.http === undefined
      ? serveStdio(target, version)
      : serveUntilEnded(target, version, { ...options, http: options.http }, token);
  });
  return 0;
}

function tokenFor({ http, host }: McpOptions): string | undefined {
  const token = process.env[TOKEN] ?? "";
  if (http === undefined) return undefined;
  if (token === "" && !isLoopback(host)) {
    throw new UsageError(
      `--host ${host} can be reached from other machines: set ${TOKEN} to a token that clients send.`,
    );
  }
  if (token !== "" && token.length < SHORTEST_TOKEN) {
    throw new UsageError(
      `${TOKEN} has ${token.length} characters; use ${SHORTEST_TOKEN} or more, such as of: openssl rand -hex 32`,
    );
  }
  return token === "" ? undefined : token;
}

/** Standard output belongs to the protocol. */
async function serveStdio(target: Deployment, version: string): Promise<void> {
  const server = createServer(target, version);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    process.stdin.once("close", resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
}

async function serveUntilEnded(
  target: Deployment,
  version: string,
  { http: port, host, allowOrigin: origins = [] }: McpOptions & { readonly http: number },
  token: string | undefined,
): Promise<void> {
  const { serveHttp } = await import("../../client/mcp/http.js");
  const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const server = await serveHttp(() => createServer(target, version), {
    port,
    host,
    origins,
    ...(token !== undefined && { token }),
  });
  console.log(server.url);
  await ended;
  await server.close();
}
