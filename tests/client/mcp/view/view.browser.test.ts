import { fileURLToPath } from "node:url";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { CallToolResult, ReadResourceResult } from "@modelcontextprotocol/sdk/types.js";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { build } from "esbuild";
import type { FrameLocator, Page } from "playwright-core";
import { createServer } from "../../../../client/mcp/server.js";
import { ToolsClient } from "../../../../client/tools.js";
import { describeBrowser } from "../../../support/browser.js";
import { resultOf } from "../../../support/report.js";

const ID = "00000000-0000-8000-8000-000000000001";
const RESULT = resultOf(40);
const ABLE = { serverTools: {}, serverResources: {}, updateModelContext: { text: {} }, downloadFile: {} };

describeBrowser("the heatmap in a client with MCP Apps", (open) => {
  const lambda = mockClient(LambdaClient);
  const client = new Client({ name: "tests", version: "1" });
  let page: Page;
  let view: FrameLocator;
  let script: string;
  const kept: { what: string; params: unknown }[] = [];
  const problems: string[] = [];

  before(async () => {
    const server = createServer(
      { tools: new ToolsClient(new LambdaClient({}), "tools"), s3: new S3Client({}) },
      "0.0.0",
    );
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    await Promise.all([server.connect(theirs), client.connect(ours)]);
    const entry = fileURLToPath(new URL("./host.ts", import.meta.url));
    const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: "iife" });
    script = outputFiles[0]?.text ?? "";
  });
  after(async () => {
    lambda.restore();
    await client.close();
  });
  afterEach(async () => {
    expect(problems).to.deep.equal([]);
    await page.close();
  });

  /** The states that the function of the tools reports, one after the other; the last one for ever. */
  function reports(...states: readonly object[]): void {
    let calls = 0;
    lambda.reset();
    lambda.on(InvokeCommand).callsFake(() => {
      const state = states[Math.min(calls, states.length - 1)];
      calls += 1;
      return { Payload: new TextEncoder().encode(JSON.stringify({ success: true, data: { ...JOB, ...state } })) };
    });
  }

  /** Opens the view as a client does that has just called `get_results`. */
  async function show(able: object = ABLE): Promise<void> {
    const { tools } = await client.listTools();
    const meta = tools.find(({ name }) => name === "get_results")?._meta as { ui: { resourceUri: string } };
    const { contents } = await client.readResource({ uri: meta.ui.resourceUri });
    expect(contents[0]?.mimeType).to.equal("text/html;profile=mcp-app");
    const answer = await client.callTool({ name: "get_results", arguments: { output_id: ID } });
    page = await open({ viewport: { width: 1200, height: 1000 } });
    problems.length = 0;
    kept.length = 0;
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!/^(about|blob|data):/.test(request.url())) problems.push(request.url());
    });
    await page.exposeFunction("callTool", (params: Parameters<Client["callTool"]>[0]) => client.callTool(params));
    await page.exposeFunction("readResource", (params: { uri: string }) => client.readResource(params));
    await page.exposeFunction("keep", (what: string, params: unknown) => kept.push({ what, params }));
    await page.addScriptTag({ content: script });
    await page.evaluate(([html, can, first]) => window.openView(html, can, first), [
      textOf(contents),
      able,
      answer as CallToolResult,
    ] as const);
    view = page.frameLocator("iframe");
  }

  it("waits for a job that runs, then draws its matrix in the theme of the client", async () => {
    reports(
      { status: "in_progress", phase: "running", retry_after_seconds: 0 },
      { status: "completed", results: RESULT },
    );
    await show();
    await view.getByRole("heading", { level: 1 }).waitFor();
    expect(await view.getByRole("heading", { level: 1 }).textContent()).to.equal("my protein");
    expect(await view.locator("html").getAttribute("data-theme")).to.equal("dark");
    await view.getByLabel("Variant or position").fill("10");
    await view.getByRole("button", { name: "Find" }).click();
    expect(await view.locator("#status").textContent()).to.equal("Position 10");
  });

  it("tells the model which variants the reader selected, and saves a file through the client", async () => {
    reports({ status: "completed", results: RESULT });
    await show();
    await view.locator("#heatmap").click({ position: { x: 60, y: 60 } });
    const variant = (await view.locator("#selected td").first().textContent()) ?? "";
    await view.getByRole("button", { name: "Download CSV" }).click();
    await view.getByText("Saved variants.csv.").waitFor();
    const context = kept.find(({ what }) => what === "context");
    expect(JSON.stringify(context?.params)).to.include(variant).and.to.include("my protein");
    const file = kept.find(({ what }) => what === "file")?.params as {
      contents: { resource: { uri: string; blob: string } }[];
    };
    expect(file.contents[0]?.resource.uri).to.equal("file:///variants.csv");
    expect(Buffer.from(file.contents[0]?.resource.blob ?? "", "base64").toString()).to.include(variant);
  });

  it("says what a client without downloads cannot do", async () => {
    reports({ status: "completed", results: RESULT });
    await show({ serverTools: {}, serverResources: {} });
    await view.getByRole("button", { name: "SVG" }).click();
    await view.getByText("This client saves no files from a view.").waitFor();
    expect(kept).to.deep.equal([]);
  });

  it("says why a job has no result", async () => {
    reports({ status: "failed", reason: "the model ran out of memory" });
    await show();
    await view.getByText("The job failed: the model ran out of memory. The job has no result.").waitFor();
  });
});

const JOB = {
  output_id: ID,
  name: "my protein",
  phase: null,
  results: null,
  s3_output_path: "s3://bucket/out.json",
  completion_time: null,
  retry_after_seconds: null,
};

function textOf(contents: ReadResourceResult["contents"]): string {
  const content = contents[0];
  return content && "text" in content ? content.text : "";
}
