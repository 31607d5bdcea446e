import { expect } from "chai";
import { readCall } from "../../../lambda/tools/toolCall.js";
import { effectsOf } from "../../support/effects.js";
import { failed, SEQUENCE, succeeded, toolsContext, ToolsWorld } from "../support/world.js";

describe("readCall", () => {
  it("takes the tool from the event's tool_name, and the arguments from the rest of the event", () => {
    const call = readCall({ tool_name: "get_results", output_id: "x" }, toolsContext());

    expect(call).to.deep.equal({ tool: "get_results", input: { output_id: "x" }, namedInEvent: true });
  });

  for (const [key, name] of [
    ["bedrockAgentCoreToolName", "invoke_endpoint"],
    ["bedrockagentcoretoolname", "target___invoke_endpoint"],
    ["BEDROCKAGENTCORETOOLNAME", "my___target___invoke_endpoint"],
    ["BedrockAgentCoreToolName", "target____invoke_endpoint"],
  ] as const) {
    it(`takes the tool from the client context: ${key} = ${name}`, () => {
      const call = readCall({ sequence: "MKT" }, toolsContext({ other: "x", [key]: name }));

      expect(call).to.deep.equal({ tool: "invoke_endpoint", input: { sequence: "MKT" }, namedInEvent: false });
    });
  }

  it("finds the client context's map under the name of the Node.js types too", () => {
    const custom = { bedrockAgentCoreToolName: "t___get_results" };
    const context = { ...toolsContext(), clientContext: { Custom: custom } as never };

    expect(readCall({}, context).tool).to.equal("get_results");
  });

  it("prefers the tool of the event to that of the client context", () => {
    const context = toolsContext({ bedrockAgentCoreToolName: "t___get_results" });

    expect(readCall({ tool_name: "invoke_endpoint" }, context).tool).to.equal("invoke_endpoint");
  });

  it("makes a summary the default of a call through a gateway", async () => {
    const world = new ToolsWorld();
    const { output_id } = await world.submit();
    world.write(output_id, "output", effectsOf(SEQUENCE));
    const gateway = toolsContext({ bedrockAgentCoreToolName: "vep___get_results" });

    const summary = succeeded(await world.call({ output_id }, gateway));
    const full = succeeded(await world.call({ output_id, detail: "full" }, gateway));

    expect(summary.data).to.have.nested.property("results.detail", "summary");
    expect(full.data).to.have.nested.property("results.heatmap");
  });
});

describe("an invalid call", () => {
  let world: ToolsWorld;

  beforeEach(() => {
    world = new ToolsWorld();
  });

  for (const [what, event] of [
    ["of an unknown tool", { tool_name: "delete_endpoint" }],
    ["of a tool that is not a text", { tool_name: 7 }],
    ["of no tool", { sequence: SEQUENCE }],
    ["with a gateway's prefix in the event", { tool_name: "target___invoke_endpoint", sequence: SEQUENCE }],
  ] as const) {
    it(`${what} is UNKNOWN_TOOL, with the names of the tools`, async () => {
      const answer = failed(await world.call(event));

      expect(answer.error_code).to.equal("UNKNOWN_TOOL");
      expect(answer.message).to.include("invoke_endpoint");
      expect(answer.timestamp).to.equal(world.now.toISOString());
      expect(world.untouched).to.be.true;
    });
  }

  for (const event of [null, undefined, "MKT", 7, [{ tool_name: "invoke_endpoint" }]]) {
    it(`of ${JSON.stringify(event)} is INVALID_INPUT`, async () => {
      const answer = failed(await world.call(event, toolsContext({ bedrockAgentCoreToolName: "x___invoke_endpoint" })));

      expect(answer.error_code).to.equal("INVALID_INPUT");
      expect(world.untouched).to.be.true;
    });
  }
});
