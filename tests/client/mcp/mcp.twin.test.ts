import path from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { expect } from "chai";
import { sharedTwin } from "../../local/twin/support/sharedTwin.js";

const SERVER = fileURLToPath(new URL("../../../commands/mcp.mjs", import.meta.url));
const SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVV";

/** Most bytes of an answer, structured content and text together. */
const MOST_BYTES = 16_000;

interface Scored {
  readonly variant: string;
  readonly score: number;
}

describe("vep mcp", () => {
  const client = new Client({ name: "tests", version: "1" });
  let outputId: string;

  before(async () => {
    const twin = await sharedTwin();
    // As users configure it: a command, arguments and an environment.
    const transport = new StdioClientTransport({
      command: SERVER,
      args: ["--lambda-function", String(twin.outputs["lambdaFunctionName"])],
      env: { PATH: `${path.dirname(process.execPath)}:${process.env["PATH"] ?? ""}`, ...twin.env },
      stderr: "ignore",
    });
    await client.connect(transport);
  });
  after(() => client.close());

  async function call(name: string, args: Record<string, unknown>): Promise<CallToolResult> {
    const result = (await client.callTool({ name, arguments: args })) as CallToolResult;
    expect(Buffer.byteLength(JSON.stringify(result.content)), name).to.be.lessThan(MOST_BYTES / 2);
    return result;
  }
  async function data(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { structuredContent, content, isError } = await call(name, args);
    expect(isError, JSON.stringify(content)).to.not.equal(true);
    return structuredContent ?? {};
  }

  it("describes six tools by which an agent can plan, with the form of input and answer", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).to.deep.equal([
      "compare_variants",
      "explain_position",
      "get_results",
      "list_jobs",
      "predict_variant_effects",
      "score_variants",
    ]);
    for (const { title, description, inputSchema, outputSchema, annotations } of tools) {
      expect(title).to.match(/^[A-Z]/);
      expect(description).to.have.length.greaterThan(30);
      expect(inputSchema.properties).to.not.equal(undefined);
      expect(outputSchema?.properties).to.not.equal(undefined);
      expect(annotations).to.include({ openWorldHint: false });
      // Scoring again is the same job, so nothing here destroys or repeats anything.
      expect(annotations?.readOnlyHint === true || annotations?.idempotentHint === true).to.equal(true);
    }
    // All tools together cost an agent some thousand tokens and no more.
    expect(JSON.stringify(tools).length).to.be.lessThan(16_000);
    expect(client.getInstructions()).to.include("below 0, less likely than the wild type");
  });

  it("predicts, waits, and says what the scores are worth and what to do next", async () => {
    const answer = await data("predict_variant_effects", { sequence: SEQUENCE, name: "test protein", top: 5 });
    expect(answer).to.include({ status: "completed", name: "test protein", sequence_length: SEQUENCE.length });
    outputId = String(answer["output_id"]);
    const [best, worst] = [answer["best"] as Scored[], answer["worst"] as Scored[]];
    expect(best).to.have.length(5);
    expect(best[0]?.score).to.be.greaterThan(worst[0]?.score ?? Infinity);
    expect((answer["notes"] as string[]).join(" ")).to.include("Synthetic weights");
    expect(answer["next"]).to.include("explain_position");
  });

  it("warns of letters that look like DNA, and of a stop codon that was dropped", async () => {
    const args = { sequence: `${"ACGT".repeat(10)}*`, allow_dna_letters: true, scoring: "wt-marginals" };
    const notes = (await data("predict_variant_effects", args))["notes"] as string[];
    expect(notes.join(" ")).to.include("allow_dna_letters says").and.to.include("stop codon");
  });

  it("explains a position with all of its substitutions, best first", async () => {
    const answer = await data("explain_position", { output_id: outputId, position: 10 });
    expect(answer["position"]).to.include({ position: 10, wild_type: SEQUENCE[9] });
    const scores = (answer["variants"] as Scored[]).map(({ score }) => score);
    expect(scores).to.have.length(19);
    expect(scores).to.deep.equal(scores.toSorted((a, b) => b - a));
  });

  it("ranks variants, and scores chosen ones", async () => {
    const variants = ["K2A", "T3S", "p.Ala4Gly"];
    const { variants: ranked } = await data("compare_variants", { output_id: outputId, variants });
    expect((ranked as { behind_best: number }[])[0]?.behind_best).to.equal(0);
    const scored = await data("score_variants", { sequence: SEQUENCE, variants: ["K2A;T3S"] });
    expect(scored["variants"]).to.have.length(1);
  });

  it("answers in under 8 kB, whatever is asked, pages by position, and says what was left out", async () => {
    const long = await data("predict_variant_effects", {
      ...{ sequence: SEQUENCE.repeat(8), scoring: "wt-marginals", top: 25 },
    });
    const id = String(long["output_id"]);
    const positionsOf = async (positions: string): Promise<number[]> => {
      const page = (await data("get_results", { output_id: id, top: 25, positions }))["positions"];
      return (page as { position: number }[]).map(({ position }) => position);
    };
    expect(await positionsOf("1-20")).to.deep.equal(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await positionsOf("21-40")).to.deep.equal(Array.from({ length: 20 }, (_, index) => index + 21));
    const all = await data("get_results", { output_id: id, top: 25, positions: "1-500" });
    expect((all["positions"] as unknown[]).length).to.be.lessThan(500);
    expect((all["notes"] as string[]).join(" ")).to.match(/positions/);
    const variants = Array.from({ length: 60 }, (_, index) =>
      [0, 1, 2, 3].map((site) => `${SEQUENCE.charAt(index + site)}${index + site + 1}W`).join(";"),
    );
    await call("score_variants", { sequence: SEQUENCE.repeat(8), scoring: "wt-marginals", variants });
  });

  it("lists jobs, and links the whole matrix and the report", async () => {
    const listed = await data("list_jobs", { limit: 1 });
    expect(listed["jobs"]).to.have.length(1);
    expect(listed["next"]).to.include("get_results").and.to.include("next_token");
    const { content } = await call("get_results", { output_id: outputId });
    const links = content.flatMap((part) => (part.type === "resource_link" ? [part.uri] : []));
    expect(links).to.deep.equal([`vep://results/${outputId}/matrix`, `vep://results/${outputId}/report`]);
    const texts = await Promise.all(links.map(async (uri) => (await client.readResource({ uri })).contents[0]));
    expect(JSON.parse(texts[0] && "text" in texts[0] ? texts[0].text : "")).to.include({ sequence: SEQUENCE });
    expect(texts[1] && "text" in texts[1] ? texts[1].text : "").to.match(/^<!doctype html>/);
  });

  it("offers the heatmap as a view for clients with MCP Apps, and nothing else changes for those without", async () => {
    const { tools } = await client.listTools();
    const views = new Map(
      tools.map(({ name, _meta }) => [name, (_meta?.["ui"] as { resourceUri: string } | undefined)?.resourceUri]),
    );
    expect(views.get("predict_variant_effects")).to.equal("ui://amplify-vep/heatmap");
    expect(views.get("get_results")).to.equal("ui://amplify-vep/heatmap");
    expect(views.get("list_jobs")).to.equal(undefined);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri, mimeType }) => `${uri} ${mimeType ?? ""}`)).to.deep.equal([
      "ui://amplify-vep/heatmap text/html;profile=mcp-app",
    ]);
  });

  it("reports progress while it waits, and stops waiting when the client cancels", async () => {
    const abort = new AbortController();
    const reported: (string | undefined)[] = [];
    const waiting = client.callTool(
      { name: "predict_variant_effects", arguments: { sequence: SEQUENCE.repeat(14), wait_seconds: 200 } },
      undefined,
      {
        signal: abort.signal,
        onprogress: ({ message }) => {
          reported.push(message);
          abort.abort("enough");
        },
      },
    );
    const error: unknown = await waiting.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(String(error)).to.include("enough");
    expect(reported[0]).to.be.oneOf(["queued", "running", "warming"]);
  });

  for (const [what, name, args, message] of [
    ["an accession instead of a sequence", "predict_variant_effects", { sequence: "P01308" }, /UniProt accession/],
    ["DNA", "predict_variant_effects", { sequence: "ACGT".repeat(10) }, /DNA_SEQUENCE.*allow_dna_letters/],
    ["an unknown job", "get_results", { output_id: "00000000-0000-5000-8000-000000000000" }, /UNKNOWN_JOB/],
    ["another wild type", "score_variants", { sequence: "MKT", variants: ["A1C"] }, /WILD_TYPE_MISMATCH.*Met/],
    ["an argument of the wrong type", "list_jobs", { limit: "many" }, /limit/],
  ] as const) {
    it(`answers ${what} with what is wrong`, async () => {
      const { isError, content } = await call(name, args);
      expect(isError).to.equal(true);
      expect(JSON.stringify(content)).to.match(message);
    });
  }

  it("offers prompts with the caveats of the method", async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name).sort()).to.deep.equal(["assess_variants", "propose_mutations"]);
    for (const { name } of prompts) {
      const { messages } = await client.getPrompt({ name, arguments: { sequence: "MKT", variants: "K2A" } });
      expect(JSON.stringify(messages)).to.include("no proof of function");
    }
  });
});
