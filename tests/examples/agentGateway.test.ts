import { execFile } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect } from "chai";
import { effectsOf } from "../support/effects.js";
import { toolsContext, ToolsWorld } from "../lambda/support/world.js";
import { toolSchemas } from "../../contract/toolSchemas.js";

const SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQ";
const CLIENT = { id: "client", secret: "s3cret" };

/** An issuer of tokens and a gateway in front of the real handler of the tools, which it calls as AgentCore does. */
class FakeGateway {
  readonly world = new ToolsWorld();
  private readonly http: Server;

  constructor() {
    this.http = createServer((request, response) => {
      void this.answer(request).then(async (answered) => {
        if (answered !== "mcp") {
          response
            .writeHead(answered.status, { "content-type": "application/json" })
            .end(JSON.stringify(answered.body));
          return;
        }
        // Without sessions: each request has a server of its own.
        const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
        await this.mcp().connect(transport);
        await transport.handleRequest(request, response);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  private async answer(request: IncomingMessage): Promise<"mcp" | { status: number; body: object }> {
    if (request.url === "/token") {
      const credentials = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64");
      const isRight = request.headers.authorization === `Basic ${credentials}`;
      const grant = new URLSearchParams(await text(request)).get("grant_type");
      return isRight && grant === "client_credentials"
        ? { status: 200, body: { access_token: "token" } }
        : { status: 400, body: { error: "invalid_client" } };
    }
    return request.headers.authorization === "Bearer token" ? "mcp" : { status: 401, body: { error: "no token" } };
  }

  private mcp(): McpServer {
    const server = new McpServer({ name: "gateway", version: "1" }, { capabilities: { tools: {} } });
    server.server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: toolSchemas().map(({ name, description, inputSchema }) => ({
        name: `vep___${name}`,
        description,
        inputSchema: { type: "object" as const, properties: inputSchema["properties"] as Record<string, object> },
      })),
    }));
    server.server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      const context = toolsContext({ bedrockAgentCoreToolName: params.name });
      const answer = await this.world.call(params.arguments ?? {}, context);
      // The model is done as soon as it has a job.
      if (answer.success && params.name.endsWith("invoke_endpoint") && "output_id" in answer.data) {
        this.world.write(answer.data.output_id, "output", effectsOf(SEQUENCE));
      }
      return { content: [{ type: "text" as const, text: JSON.stringify(answer) }] };
    });
    return server;
  }
}

describe("the example of the agent gateway", () => {
  const gateway = new FakeGateway();
  let address: string;
  before(async () => {
    address = await gateway.listen();
  });
  after(() => {
    gateway.close();
  });

  const run = (secret: string) =>
    new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) => {
      const env = {
        ...process.env,
        AGENT_GATEWAY_URL: `${address}/mcp`,
        AGENT_TOKEN_URL: `${address}/token`,
        AGENT_CLIENT_ID: CLIENT.id,
        AGENT_CLIENT_SECRET: secret,
      };
      execFile(process.execPath, ["examples/agent-gateway/agents.mjs", SEQUENCE], { env }, (error, stdout, stderr) => {
        resolve({ failed: error !== null, stdout, stderr });
      });
    });

  it("gets a token, lists the tools, scores a protein and prints its best variants", async () => {
    const { failed: hasFailed, stdout, stderr } = await run(CLIENT.secret);

    expect(hasFailed, stderr).to.equal(false);
    const lines = stdout.trim().split("\n");
    expect(lines).to.include.members(["vep___invoke_endpoint", "vep___get_results"]);
    expect(lines.filter((line) => /^p\.[A-Z][a-z]{2}\d+[A-Z][a-z]{2}\t/.test(line))).to.have.length(10);
  });

  it("says that it gets no token, and calls nothing", async () => {
    const { failed: hasFailed, stderr } = await run("wrong");

    expect(hasFailed).to.equal(true);
    expect(stderr).to.include("No token: 400");
  });
});
