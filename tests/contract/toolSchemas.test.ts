import { execFileSync } from "node:child_process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { expect } from "chai";
import { createServer, type Deployment } from "../../client/mcp/server.js";
import { toolSchemas, type JsonSchema } from "../../contract/toolSchemas.js";
import { TOOL_NAMES } from "../../contract/tools.js";

type Properties = Record<string, JsonSchema>;

function propertiesOf(schema: JsonSchema | undefined): Properties {
  return (schema?.["properties"] ?? {}) as Properties;
}

/** What a schema allows, without words and limits. */
function shapeOf(schema: JsonSchema): unknown {
  const words = ["description", "default", "minimum", "maximum", "minItems", "maxItems", "maxLength", "$schema"];
  const text = JSON.stringify(schema, (key, value: unknown) => (words.includes(key) ? undefined : value));
  return JSON.parse(text) as unknown;
}

describe("toolSchemas", () => {
  it("describes every tool of the function, with each field of input and answer as an object", () => {
    const tools = toolSchemas();

    expect(tools.map(({ name }) => name)).to.deep.equal([...TOOL_NAMES]);
    for (const { name, description, inputSchema, outputSchema } of tools) {
      expect(description, name).to.have.length.within(40, 400);
      expect(inputSchema["type"], name).to.equal("object");
      expect(inputSchema["additionalProperties"], name).to.equal(false);
      for (const [field, { description: words }] of Object.entries(propertiesOf(inputSchema))) {
        expect(words, `${name} ${field}`).to.be.a("string");
      }
      expect(outputSchema["type"], name).to.equal("object");
      expect(outputSchema["required"], name).to.deep.equal(["success", "message", "timestamp"]);
      expect(propertiesOf(outputSchema), name).to.have.any.keys("data", "error_code");
      expect(JSON.stringify(outputSchema), name).to.not.include('"additionalProperties":false');
    }
  });

  it("is what `vep schema` prints", () => {
    const printed = execFileSync(process.execPath, ["--import=tsx/esm", "commands/vep.ts", "schema"], {
      encoding: "utf8",
    });

    expect(JSON.parse(printed)).to.deep.equal({ tools: JSON.parse(JSON.stringify(toolSchemas())) as unknown });
  });

  it("agrees with the MCP server: no argument or answer with the same name has another form", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: "tests", version: "1" });
    // Nothing is called: the server only describes its tools.
    await Promise.all([createServer({} as Deployment, "1").connect(far), client.connect(near)]);
    const { tools } = await client.listTools();
    await client.close();
    const submission = toolSchemas().find(({ name }) => name === "invoke_endpoint");
    let compared = 0;

    for (const { name, inputSchema } of tools) {
      const own = toolSchemas().find((tool) => tool.name === name);
      const known = { ...propertiesOf(submission?.inputSchema), ...propertiesOf(own?.inputSchema) };
      for (const [field, schema] of Object.entries((inputSchema.properties ?? {}) as Properties)) {
        const theirs = known[field];
        // Agents send lists of variants; the function takes texts too.
        if (theirs === undefined || field === "variants") continue;
        expect(shapeOf(schema), `${name} ${field}`).to.deep.equal(shapeOf(theirs));
        for (const limit of ["maximum", "maxLength"]) {
          if (typeof schema[limit] !== "number") continue;
          expect(schema[limit], `${name} ${field}`).to.be.at.most(Number(theirs[limit]));
        }
        compared += 1;
      }
    }
    expect(compared).to.be.greaterThan(8);
  });
});
