import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { expect } from "chai";
import { serveHttp } from "../../../../client/mcp/http.js";
import { createServer } from "../../../../client/mcp/server.js";
import { ToolsClient } from "../../../../client/tools.js";
import { fixtureServer } from "./fixtures.js";

const SUITE = path.join(
  path.dirname(createRequire(import.meta.url).resolve("@modelcontextprotocol/conformance/package.json")),
  "dist/index.js",
);

/** Scenarios that ask for nothing of the suite's own. */
const OURS = [
  "server-initialize",
  "ping",
  "tools-list",
  "tools-call-error",
  "resources-list",
  "prompts-list",
  "server-sse-multiple-streams",
  "dns-rebinding-protection",
];

/** The suite needs the first version of Node.js that the project supports. */
const supported = Number(process.versions.node.split(".")[0]) >= 22;
if (!supported) console.log("Conformance suite of MCP: skipped, because it needs Node.js 22 or newer.");

(supported ? describe : describe.skip)("the conformance suite of MCP", () => {
  async function run(newServer: () => McpServer, scenario?: string): Promise<string> {
    const server = await serveHttp(newServer, { port: 0, host: "127.0.0.1", origins: [] });
    const chosen = scenario === undefined ? [] : ["--scenario", scenario];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [SUITE, "server", "--url", server.url, ...chosen]);
      return stdout;
    } finally {
      await server.close();
    }
  }

  for (const scenario of OURS) {
    it(`passes ${scenario} with our tools`, async () => {
      const ours = () =>
        createServer({ tools: new ToolsClient(new LambdaClient({}), "tools"), s3: new S3Client({}) }, "0.0.0");
      expect(await run(ours, scenario)).to.match(/Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings/);
    });
  }

  it("passes every scenario with the suite's own tools behind our HTTP front", async () => {
    expect(await run(fixtureServer)).to.match(/Total: [1-9]\d* passed, 0 failed/);
  });
});
