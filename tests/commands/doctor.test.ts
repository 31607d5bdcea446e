import { expect } from "chai";
import { runCommandFile } from "./support/runCommandFile.js";

const run = (args: readonly string[], env?: Record<string, string>) => runCommandFile("commands/doctor.ts", args, env);

describe("npm run doctor", function () {
  // Each test starts a process, which takes seconds on a busy machine.
  this.timeout(60_000);

  it("prints only JSON and ends with 1 where the configuration has a fault", async () => {
    const { code, out } = await run(["--stack", "a_b", "--json"], { AWS_REGION: "eu-west-1" });

    expect(code).to.equal(1);
    const found = JSON.parse(out) as { findings: { message: string }[] };
    expect(found).to.include({ stack: "a_b", region: "eu-west-1", ok: false });
    expect(found.findings[0]?.message).to.match(/^stack is 'a_b'/);
  });

  it("is a usage error where no region is configured", async () => {
    const { code, out, said } = await run([]);

    expect([code, out]).to.deep.equal([2, ""]);
    expect(said).to.include("pulumi config set aws:region us-east-1");
  });
});
