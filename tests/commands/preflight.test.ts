import { expect } from "chai";
import { runCommandFile } from "./support/runCommandFile.js";

const run = (args: readonly string[], env?: Record<string, string>) =>
  runCommandFile("commands/preflight.ts", args, env);

describe("npm run preflight", function () {
  // Each test starts a process, which takes seconds on a busy machine.
  this.timeout(60_000);

  it("prints only JSON and ends with 1 where the configuration has a fault", async () => {
    const { code, out } = await run(["--stack", "a_b", "--json"], { AWS_REGION: "eu-west-1" });

    expect(code).to.equal(1);
    const found = JSON.parse(out) as { findings: { message: string }[] };
    expect(found).to.include({ stack: "a_b", region: "eu-west-1", ok: false });
    expect(found.findings).to.have.lengthOf(1);
    expect(found.findings[0]?.message).to.match(/^stack is 'a_b'/);
  });

  it("ends with 1 and the fix where no region is configured", async () => {
    const { code, out, said } = await run([]);

    expect([code, out]).to.deep.equal([1, ""]);
    expect(said).to.match(/^amplify-vep: No region is configured: pulumi config set aws:region us-east-1/m);
  });
});
