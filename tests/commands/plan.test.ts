import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { planText } from "../../commands/plan/printPlan.js";
import { stackConfig } from "../../local/program/stackConfig.js";
import { resourceTree } from "../../local/program/tree.js";
import { planned } from "../support/plannedStack.js";

function plan(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--import=tsx", "commands/plan.ts", ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
}

describe("npm run plan", () => {
  it("prints JSON and nothing else with --json, code as hash and size", () => {
    const { status, stdout, stderr } = plan("--stack", "dev", "--json");

    const { config, resources, outputs } = JSON.parse(stdout) as {
      config: Record<string, string>;
      resources: { type: string; name: string; urn: string; inputs: Record<string, unknown> }[];
      outputs: Record<string, unknown>;
    };
    expect([status, stderr]).to.deep.equal([0, ""]);
    expect(config).to.include({ "amplify-vep:minCapacity": "0", "aws:region": "us-east-1" });
    expect(resources.length).to.be.greaterThan(40);
    for (const resource of resources) expect(resource).to.have.all.keys("type", "name", "urn", "inputs");
    const tools = resources.find(({ type }) => type === "aws:lambda/function:Function");
    expect(tools?.inputs)
      .to.have.nested.property("code.archive.index\\.js.sha256")
      .that.matches(/^[0-9a-f]{64}$/);
    expect(outputs).to.include({ resourcePrefix: "dev-protein-agent" });
    expect(stdout.length).to.be.lessThan(200_000);
  });

  it("names the faults of a stack that cannot be planned, on stderr, with exit code 1", () => {
    const { status, stdout, stderr } = plan("--stack", "my_stack");

    expect([status, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.include("pulumi stack rename my-stack").and.to.not.include("    at ");
  });
});

describe("the plan of a stack with existing roles", () => {
  const roles = { executionRoleArn: "arn:aws:iam::111122223333:role/vep-endpoint" };
  const text = (json: boolean, overrides: Record<string, string>): Promise<string> =>
    planText({ stack: "default", config: stackConfig({ overrides }), json });

  it("has the policies that they need under a key of its own, and is in their account", async () => {
    const plan = JSON.parse(await text(true, roles)) as Record<string, unknown>;

    expect(Object.keys(plan)).to.deep.equal(["config", "resources", "outputs", "requiredPolicies"]);
    expect(plan["requiredPolicies"]).to.have.lengthOf(1);
    expect(plan).to.have.nested.property("requiredPolicies[0].policy.Statement[0].Sid", "ReadRequests");
    expect(plan)
      .to.have.nested.property("outputs.endpointArn")
      .that.matches(/:111122223333:endpoint/);
    expect(Object.keys(JSON.parse(await text(true, {})) as object)).to.deep.equal(["config", "resources", "outputs"]);
  });

  it("prints the policies as JSON to paste, below the tree", async () => {
    const lines = (await text(false, roles)).split("\n");

    const [trust, permissions] = [": its trust policy", ": its permissions"].map((words) => {
      const at = lines.findIndex((line) => line.startsWith(`executionRoleArn ${roles.executionRoleArn}${words}`));
      return JSON.parse(lines.slice(at + 1, lines.indexOf("}", at) + 1).join("\n")) as unknown;
    });
    expect(trust).to.have.nested.property("Statement[0].Principal.Service[0]", "sagemaker.amazonaws.com");
    expect(permissions).to.have.nested.property("Statement[0].Action[0]", "s3:GetObject");
  });
});

describe("resourceTree", () => {
  it("draws every resource once, below its parent", async () => {
    const { resources } = await planned();

    const lines = resourceTree(resources);

    expect(lines).to.have.length(resources.length);
    const ledger = lines.findIndex((line) => line.includes("─ JobLedger"));
    expect(lines[ledger + 1]).to.match(/^│ {2}└─ aws:dynamodb:Table {2}protein-agent-default-jobs$/);
  });
});
