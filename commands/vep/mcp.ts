import { readFileSync } from "node:fs";
import path from "node:path";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { createServer } from "../../client/mcp/server.js";
import { ROOT } from "../check/checks.js";
import { withTarget, type TargetOptions } from "./target.js";

/** Serves the Model Context Protocol on standard input and output until the client closes it. */
export async function serveMcp(options: TargetOptions): Promise<number> {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
  // Standard output belongs to the protocol.
  await withTarget(options, async (target) => {
    const server = createServer(target, version);
    const closed = new Promise<void>((resolve) => {
      server.server.onclose = resolve;
      process.stdin.once("close", resolve);
    });
    await server.connect(new StdioServerTransport());
    await closed;
  });
  return 0;
}
