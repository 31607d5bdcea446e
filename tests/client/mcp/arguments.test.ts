import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { createServer } from "../../../client/mcp/server.js";
import { ToolsClient } from "../../../client/tools.js";

const ID = "00000000-0000-8000-8000-000000000001";
const JOB = { output_id: ID, status: "in_progress", phase: "queued", retry_after_seconds: 5, results: null };

describe("what an agent sends to the MCP server", () => {
  const lambda = mockClient(LambdaClient);
  const client = new Client({ name: "tests", version: "1" });

  before(async () => {
    const deployment = { tools: new ToolsClient(new LambdaClient({}), "tools"), s3: new S3Client({}) };
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    await Promise.all([createServer(deployment, "0.0.0").connect(theirs), client.connect(ours)]);
  });
  beforeEach(() => {
    lambda.reset();
  });
  after(async () => {
    lambda.restore();
    await client.close();
  });

  /** What the function of the tools answers. */
  function answers(answer: (input: Record<string, unknown>) => object): void {
    lambda.on(InvokeCommand).callsFake(({ Payload }: { Payload: string }) => ({
      Payload: new TextEncoder().encode(JSON.stringify(answer(JSON.parse(Payload) as Record<string, unknown>))),
    }));
  }
  const succeeds = (data: object): object => ({ success: true, data });
  const inputs = (): unknown[] =>
    lambda
      .commandCalls(InvokeCommand)
      .map(({ args: [command] }): unknown => JSON.parse(command.input.Payload as unknown as string));
  const call = async (name: string, args: object): Promise<CallToolResult> =>
    (await client.callTool({ name, arguments: { ...args } })) as CallToolResult;
  const textOf = ({ content }: CallToolResult): string => JSON.stringify(content);

  it("counts null and an empty text as absent, for every optional argument", async () => {
    answers(({ tool_name: tool }) =>
      succeeds(tool === "list_jobs" ? { jobs: [], next_token: null } : { ...JOB, cached: false }),
    );
    const { tools } = await client.listTools();
    const required: Record<string, unknown> = {
      sequence: "MKT",
      output_id: ID,
      position: 1,
      variants: ["K2A"],
    };
    for (const { name, inputSchema } of tools) {
      for (const empty of [null, ""]) {
        const args = Object.keys(inputSchema.properties ?? {}).map((key) => {
          const given = inputSchema.required?.includes(key) ? required[key] : empty;
          // Nobody waits here.
          return [key, key === "wait_seconds" ? 0 : given];
        });
        const result = await call(name, Object.fromEntries(args) as object);
        expect(result.isError, `${name}: ${textOf(result)}`).to.not.equal(true);
      }
    }
    expect(inputs()[0]).to.deep.equal({ tool_name: "invoke_endpoint", sequence: "MKT" });
  });

  const submitted = { sequence: "MKT" };
  const guesses: readonly (readonly [tool: string, args: Record<string, unknown>, expected: RegExp])[] = [
    ["predict_variant_effects", {}, /^INVALID_INPUT: Argument 'sequence' is missing; it takes a text \(one protein/],
    ["predict_variant_effects", { sequence: null }, /Argument 'sequence' takes a text \(.*\), got null\.$/],
    ["predict_variant_effects", { ...submitted, top: "10" }, /'top' takes a whole number from 1 to 25 .*the text '10'/],
    ["predict_variant_effects", { ...submitted, top: 2.5 }, /'top' takes a whole number .* got the number 2\.5\.$/],
    [
      "predict_variant_effects",
      { ...submitted, allow_dna_letters: "true" },
      /'allow_dna_letters' takes true or false \(.*\), got the text 'true'\.$/,
    ],
    ["predict_variant_effects", { ...submitted, scoring: "Masked-Marginals" }, /masked-marginals or wt-marginals \(/],
    ["predict_variant_effects", { ...submitted, positions: "1-2" }, /no argument 'positions'; the arguments are seq/],
    ["predict_variant_effects", { ...submitted, waitSeconds: 5 }, /'waitSeconds'; did you mean 'wait_seconds'\?$/],
    ["score_variants", { ...submitted, variants: "K2A" }, /'variants' takes a list of texts .*, got the text 'K2A'\.$/],
    ["score_variants", { ...submitted, variants: '["K2A"]' }, /takes a list of texts .* got the text '\["K2A"\]'\.$/],
    ["score_variants", { ...submitted, variants: [] }, /takes a list of texts \(1 to 60 .*, got a list of 0\.$/],
    ["score_variants", { ...submitted, variants: [10] }, /takes a list of texts .*, got a list with the number 10\.$/],
    ["explain_position", { output_id: ID, position: "2" }, /'position' takes a whole number .* got the text '2'\.$/],
    ["compare_variants", { outputId: ID, variants: ["K2A"] }, /'outputId'; did you mean 'output_id'\?\n.*is missing/],
    ["list_jobs", { limit: 50 }, /'limit' takes a whole number from 1 to 20 \(most jobs .*got the number 50\.$/],
    ["list_jobs", { status: "done" }, /'status' takes in_progress or .*got the text 'done'\.$/],
  ];
  for (const [tool, args, expected] of guesses) {
    it(`refuses ${tool} ${JSON.stringify(args)} in the words of the tools, without a call of them`, async () => {
      const { isError, content } = await call(tool, args);

      expect(isError).to.equal(true);
      expect(content).to.have.length(1);
      expect((content[0] as { text: string }).text).to.match(expected);
      expect(inputs()).to.deep.equal([]);
    });
  }

  it("lists what else is wrong, also of what the tools themselves refuse", async () => {
    const errors = [
      { error_code: "INVALID_RESIDUE", message: "X is no residue.", argument: "sequence" },
      { error_code: "INVALID_VARIANT", message: "K2 is no variant.", argument: "variants" },
    ];
    answers(() => ({
      success: false,
      error_code: "INVALID_RESIDUE",
      message: "X is no residue. (The first of 2 faults; see errors.)",
      errors,
    }));
    const { content } = await call("score_variants", { sequence: "MKX", variants: ["K2"] });

    expect(content).to.deep.equal([
      { type: "text", text: "INVALID_RESIDUE: X is no residue.\nINVALID_VARIANT: K2 is no variant." },
    ]);
  });

  it("keeps the schema of each argument: type, limits, default, what is required and that there are no others", async () => {
    const { tools } = await client.listTools();
    const schema = tools.find(({ name }) => name === "explain_position")?.inputSchema;
    expect(schema).to.include({ type: "object", additionalProperties: false });
    expect(schema?.required).to.deep.equal(["output_id", "position"]);
    expect(schema?.properties?.["position"]).to.include({ type: "integer" });
    const limit = tools.find(({ name }) => name === "list_jobs")?.inputSchema.properties?.["limit"];
    expect(limit).to.include({ type: "integer", minimum: 1, maximum: 20, default: 10 });
  });

  it("gets errors that name the tools of this server", async () => {
    const message = "There is no job; submit the protein again with invoke_endpoint.";
    answers(() => ({ success: false, error_code: "UNKNOWN_JOB", message }));
    const refused = textOf(await call("get_results", { output_id: ID }));
    expect(refused).to.include("UNKNOWN_JOB").and.to.include("predict_variant_effects");
    expect(refused).not.to.include("invoke_endpoint");
  });

  it("gets a shorter page of jobs where their names and tags are long", async () => {
    const job = { output_id: ID, status: "completed", submitted_at: "2026-01-01T00:00:00.000Z", sequence_length: 9 };
    const long = { name: "n".repeat(256), tags: Array.from({ length: 10 }, (_, tag) => `${tag}`.repeat(64)) };
    answers(({ limit }) =>
      succeeds({
        jobs: Array.from({ length: Number(limit) }, () => ({ ...job, ...long })),
        next_token: String(limit),
      }),
    );
    const { structuredContent } = await call("list_jobs", { tag: "a", limit: 20 });
    const { jobs, next_token: next } = structuredContent as { jobs: object[]; next_token: string };
    expect(Buffer.byteLength(JSON.stringify(structuredContent))).to.be.lessThan(8000);
    expect(jobs).to.have.length(5);
    expect(next).to.equal("5");
  });
});
