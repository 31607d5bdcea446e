import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect } from "chai";
import { sharedTwin } from "../../local/twin/support/sharedTwin.js";

const VEP = fileURLToPath(new URL("../../../commands/vep.mjs", import.meta.url));
const TOKEN = "a token of the tests";
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "tests", version: "1" } },
};

describe("vep mcp --http", () => {
  let server: ChildProcess;
  let url: string;

  /** Starts the command with the environment of the twin. */
  async function start(args: readonly string[], env: Record<string, string>): Promise<ChildProcess> {
    const twin = await sharedTwin();
    return spawn(
      process.execPath,
      [VEP, "mcp", "--lambda-function", String(twin.outputs["lambdaFunctionName"]), "--http", ...args],
      { env: { PATH: process.env["PATH"] ?? "", ...twin.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
  }

  before(async () => {
    server = await start(["0"], { VEP_MCP_TOKEN: TOKEN });
    if (!server.stdout) throw new Error("no output");
    [url] = (await once(createInterface(server.stdout), "line")) as [string];
  });
  after(async () => {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    expect(await ended).to.deep.equal([0, null]);
  });

  async function connected(): Promise<Client> {
    const client = new Client({ name: "tests", version: "1" });
    const headers = { Authorization: `Bearer ${TOKEN}` };
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    return client;
  }

  function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(url, {
      method: "POST",
      headers: {
        ...{ "Content-Type": "application/json", Accept: "application/json, text/event-stream" },
        Authorization: `Bearer ${TOKEN}`,
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  it("serves the official client: tools, progress, and several clients at a time", async () => {
    const [one, other] = await Promise.all([connected(), connected()]);
    const phases: unknown[] = [];
    const answer = await one.callTool(
      { name: "predict_variant_effects", arguments: { sequence: "MKTAYIAKQRQISFVKSHFSRQ" } },
      undefined,
      { onprogress: ({ message }) => phases.push(message) },
    );
    expect(answer.structuredContent).to.include({ status: "completed", sequence_length: 22 });
    expect(phases).to.not.have.length(0);
    expect((await other.listTools()).tools).to.have.length(6);
    await Promise.all([one.close(), other.close()]);
  });

  it("stops waiting when the client cancels", async () => {
    const client = await connected();
    const abort = new AbortController();
    const waiting = client.callTool(
      { name: "predict_variant_effects", arguments: { sequence: "MKTAYIAKQR".repeat(100), wait_seconds: 200 } },
      undefined,
      {
        signal: abort.signal,
        onprogress: () => {
          abort.abort("enough");
        },
      },
    );
    expect(String(await waiting.catch((reason: unknown) => reason))).to.include("enough");
    expect((await client.listTools()).tools).to.have.length(6);
    await client.close();
  });

  for (const [what, headers, status] of [
    ["a page of another site", { Origin: "https://evil.example" }, 403],
    ["no token", { Authorization: "" }, 401],
    ["another token", { Authorization: "Bearer of another server" }, 401],
    ["a session that has ended", { "Mcp-Session-Id": "00000000-0000-4000-8000-000000000000" }, 404],
  ] as const) {
    it(`refuses ${what}: ${status}`, async () => {
      const response = await post(INITIALIZE, headers);
      expect(response.status).to.equal(status);
      expect(response.headers.get("WWW-Authenticate")).to.equal(status === 401 ? "Bearer" : null);
      expect(response.headers.get("Mcp-Session-Id")).to.equal(null);
    });
  }

  it("refuses what opens no session, and what is too large", async () => {
    expect((await post({ jsonrpc: "2.0", id: 1, method: "tools/list" })).status).to.equal(400);
    expect((await post("{")).status).to.equal(400);
    expect((await post({ ...INITIALIZE, padding: "x".repeat(1_100_000) })).status).to.equal(413);
  });

  for (const [what, args, env, message] of [
    ["other machines without a token", ["0", "--host", "0.0.0.0"], {}, /--host 0\.0\.0\.0 .*set VEP_MCP_TOKEN/],
    ["a token that can be guessed", ["0"], { VEP_MCP_TOKEN: "secret" }, /has 6 characters/],
    ["a port that is none", ["web"], {}, /--http.*'web'.*0 to 65535/],
  ] as const) {
    it(`does not start for ${what}`, async () => {
      const child = await start(args, env);
      if (!child.stderr) throw new Error("no output");
      const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit") as Promise<[number]>]);
      expect(said).to.match(message);
      expect(code).to.equal(2);
    });
  }
});
