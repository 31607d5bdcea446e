import { expect } from "chai";
import * as z from "zod";
import { toolSchemas } from "../../../contract/toolSchemas.js";
import type { ToolName } from "../../../contract/tools.js";
import { effectsOf } from "../../support/effects.js";
import { SEQUENCE, ToolsWorld } from "../support/world.js";

const ANSWERS = new Map(
  toolSchemas().map(({ name, outputSchema }) => [name, z.fromJSONSchema(outputSchema as z.core.JSONSchema.JSONSchema)]),
);

describe("the answers of the tools", () => {
  const world = new ToolsWorld();
  let id: string;

  before(async () => {
    id = (await world.submit({ sequence: SEQUENCE, name: "a protein", tags: ["round-1"] })).output_id;
    await world.submit({ sequence: `${SEQUENCE}A` });
    world.write(id, "output", effectsOf(SEQUENCE));
  });

  const calls: readonly (readonly [ToolName, Record<string, unknown>])[] = [
    ["invoke_endpoint", { sequence: SEQUENCE, name: "a protein" }],
    ["invoke_endpoint", { sequence: "MKTX", variants: ["A1C"], wrong: true }],
    ["get_results", { detail: "summary" }],
    ["get_results", { detail: "full" }],
    ["list_jobs", { tag: "round-1" }],
    ["list_jobs", {}],
    ["cancel_job", {}],
    ["submit_fasta", { fasta: ">a\nMKT" }],
  ];
  for (const [tool, input] of calls) {
    it(`have the form that the schema says: ${tool} ${JSON.stringify(input).slice(0, 40)}`, async () => {
      const needsId = tool === "get_results" || tool === "cancel_job";

      const answer = await world.call({ tool_name: tool, ...(needsId && { output_id: id }), ...input });

      const read = ANSWERS.get(tool)?.safeParse(JSON.parse(JSON.stringify(answer)));
      expect(read?.error?.issues ?? [], JSON.stringify(answer).slice(0, 300)).to.deep.equal([]);
    });
  }

  it("are refused by the schema if a field has another type", () => {
    const answer = { success: true, message: "", timestamp: "", data: { output_id: 1, status: "cancelled" } };

    expect(ANSWERS.get("cancel_job")?.safeParse(answer).success).to.equal(false);
  });
});
