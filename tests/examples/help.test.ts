import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));

describe("examples of the ways in", () => {
  for (const [program, file] of [
    ["sh", "http-api/api.sh"],
    ["sh", "fasta_drop.sh"],
    [process.execPath, "agent-gateway/agents.mjs"],
    [process.execPath, "mcp_agent.mjs"],
  ] as const) {
    it(`answer --help: ${file}`, () => {
      const { status, stdout, stderr } = spawnSync(program, [file, "--help"], { cwd: EXAMPLES, encoding: "utf8" });
      expect([status, stderr]).to.deep.equal([0, ""]);
      expect(stdout).to.match(/^Usage: /);
    });
  }

  it("say how to call them: http-api/api.sh", () => {
    const { status, stderr } = spawnSync("sh", ["http-api/api.sh"], { cwd: EXAMPLES, encoding: "utf8" });
    expect(status).to.equal(2);
    expect(stderr).to.match(/^Usage: /);
  });

  for (const [args, message] of [
    [["--unknown"], /Unknown option '--unknown'/],
    [["--sequence", "MKT", "--max-attempts", "many"], /--max-attempts takes a number, got many/],
  ] as const) {
    it(`refuse in one line: mcp_agent.mjs ${args.join(" ")}`, () => {
      const { status, stderr } = spawnSync(process.execPath, ["mcp_agent.mjs", ...args], {
        cwd: EXAMPLES,
        encoding: "utf8",
      });
      expect(status).to.equal(2);
      expect(stderr)
        .to.match(message)
        .and.to.match(/^mcp_agent\.mjs: [^\n]+\n$/);
    });
  }
});
