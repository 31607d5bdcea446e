import { spawnSync } from "node:child_process";
import { expect } from "chai";
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

describe("resourceTree", () => {
  it("draws every resource once, below its parent", async () => {
    const { resources } = await planned();

    const lines = resourceTree(resources);

    expect(lines).to.have.length(resources.length);
    const ledger = lines.findIndex((line) => line.includes("─ JobLedger"));
    expect(lines[ledger + 1]).to.match(/^│ {2}└─ aws:dynamodb:Table {2}protein-agent-default-jobs$/);
  });
});
