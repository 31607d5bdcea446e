import { expect } from "chai";
import { toolSchemas, type JsonSchema } from "../../../contract/toolSchemas.js";
import { isAllowed, isAssumable } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const ON = { agentGateway: "true" };
const GATEWAY = "aws:bedrock/agentcoreGateway:AgentcoreGateway";
const TARGET = "aws:bedrock/agentcoreGatewayTarget:AgentcoreGatewayTarget";
const ISSUER = "https://issuer.example.org/.well-known/openid-configuration";

interface Element {
  readonly name?: string;
  readonly type: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly items?: Element;
  readonly properties?: readonly Element[];
}

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Element;
  readonly outputSchema: Element;
}

function toolsOf({ one }: PlannedStack): Tool[] {
  const { mcp } = one(TARGET).inputs["targetConfiguration"] as {
    mcp: { lambda: { toolSchema: { inlinePayloads: Tool[] } } };
  };
  return mcp.lambda.toolSchema.inlinePayloads;
}

describe("AgentGateway", () => {
  it("is no part of a stack without it", async () => {
    const { resources, outputs } = await planned("default");

    expect(resources.filter(({ type }) => /^aws:(bedrock|cognito)/.test(type))).to.deep.equal([]);
    expect(outputs).to.not.have.any.keys("agentGatewayUrl", "agentTokenUrl", "agentClientId", "agentClientSecret");
  });

  it("has the tools of the contract with each of their arguments, in the types that AgentCore knows", async () => {
    const tools = toolsOf(await planned("default", { ...ON, fastaDrop: "true" }));

    expect(tools.map(({ name, description }) => [name, description])).to.deep.equal(
      toolSchemas().map(({ name, description }) => [name, description]),
    );
    for (const [index, { inputSchema }] of toolSchemas().entries()) {
      const made = tools[index]?.inputSchema.properties ?? [];
      const source = inputSchema["properties"] as Record<string, JsonSchema>;
      expect(made.map(({ name }) => name)).to.deep.equal(Object.keys(source));
      expect(made.filter(({ required }) => required).map(({ name }) => name)).to.deep.equal(
        inputSchema["required"] ?? [],
      );
      for (const { name = "", description } of made) {
        expect(description, name).to.include(String(source[name]?.["description"]));
        if (source[name]?.["default"] !== undefined) expect(description).to.include("default: ");
      }
    }
    const elements = tools.flatMap(({ inputSchema, outputSchema }) => [...flat(inputSchema), ...flat(outputSchema)]);
    for (const element of elements) {
      expect(element.type).to.be.oneOf(["string", "number", "integer", "boolean", "array", "object"]);
      const known = ["name", "required", "type", "description", "items", "properties"];
      expect(Object.keys(element).filter((key) => !known.includes(key))).to.deep.equal([]);
    }
  });

  it("leaves out the tool of FASTA files where the stack takes none", async () => {
    const tools = toolsOf(await planned("default", ON));

    expect(tools.map(({ name }) => name)).to.not.include("submit_fasta");
  });

  it("needs a token of its own pool and client, whose secret is a secret of Pulumi", async () => {
    const stack = await planned("default", ON);
    const { authorizerType, authorizerConfiguration, protocolType } = stack.one(GATEWAY).inputs as {
      authorizerType: string;
      protocolType: string;
      authorizerConfiguration: { customJwtAuthorizer: { discoveryUrl: string; allowedClients: string[] } };
    };

    expect({ authorizerType, protocolType }).to.deep.equal({ authorizerType: "CUSTOM_JWT", protocolType: "MCP" });
    const { discoveryUrl, allowedClients } = authorizerConfiguration.customJwtAuthorizer;
    expect(discoveryUrl).to.match(/^https:\/\/cognito-idp\..*\/\.well-known\/openid-configuration$/);
    expect(allowedClients).to.deep.equal([stack.outputs["agentClientId"]]);
    expect(stack.outputs).to.include.keys("agentGatewayUrl", "agentTokenUrl", "agentClientId", "agentClientSecret");
    expect(stack.outputs["agentTokenUrl"]).to.match(/^https:\/\/vep-[0-9a-f]{20}\.auth\..*\/oauth2\/token$/);
  });

  it("takes tokens of an existing issuer, and then makes no pool", async () => {
    const stack = await planned("default", {
      ...ON,
      agentGatewayIssuer: ISSUER,
      agentGatewayClients: "client-a",
      agentGatewayAudiences: "vep",
    });

    expect(stack.one(GATEWAY).inputs["authorizerConfiguration"]).to.deep.equal({
      customJwtAuthorizer: { discoveryUrl: ISSUER, allowedClients: ["client-a"], allowedAudiences: ["vep"] },
    });
    expect(stack.resources.filter(({ type }) => type.startsWith("aws:cognito"))).to.deep.equal([]);
    expect(stack.outputs).to.not.have.any.keys("agentTokenUrl", "agentClientId", "agentClientSecret");
  });

  for (const [action, resource, expected] of [
    ["lambda:InvokeFunction", "tools", true],
    ["lambda:InvokeFunction", `arn:aws:lambda:${REGION}:${ACCOUNT}:function:another`, false],
    ["lambda:UpdateFunctionCode", "tools", false],
    ["s3:GetObject", "arn:aws:s3:::bucket/key", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} the gateway ${action} on ${resource}`, async () => {
      const stack = await planned("default", ON);
      const arn = resource === "tools" ? String(stack.outputs["lambdaFunctionArn"]) : resource;

      expect(await isAllowed(stack, { principal: "-agents-role", action, resource: arn })).to.equal(expected);
    });
  }

  for (const [what, sourceAccount, gateway, expected] of [
    ["its gateway", ACCOUNT, "protein-agent-default-agents-abcdefghij", true],
    ["another gateway", ACCOUNT, "another-abcdefghij", false],
    ["another account", "999999999999", "protein-agent-default-agents-abcdefghij", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} AgentCore assume the role for ${what}`, async () => {
      const stack = await planned("default", ON);
      const sourceArn = `arn:aws:bedrock-agentcore:${REGION}:${sourceAccount}:gateway/${gateway}`;
      const request = { role: "-agents-role", service: "bedrock-agentcore.amazonaws.com", sourceAccount, sourceArn };

      expect(await isAssumable(stack, request)).to.equal(expected);
    });
  }
});

function flat(element: Element): Element[] {
  const inner = [...(element.properties ?? []), ...(element.items ? [element.items] : [])];
  return [element, ...inner.flatMap(flat)];
}
