import { expect } from "chai";
import { clientsOf } from "../../../commands/preflight/clients.js";
import type { Finding } from "../../../commands/preflight/finding.js";
import { preflight } from "../../../commands/preflight/preflight.js";
import { hasNoFault } from "../../../commands/preflight/report.js";
import { stackConfig } from "../../../local/program/stackConfig.js";
import { BUILDING, expectAmong, hubWith, MODEL } from "./support/answers.js";
import { sharedTwin } from "../../local/twin/support/sharedTwin.js";

describe("a preflight against the twin", () => {
  const run = async (stack: string, overrides: Record<string, string> = {}): Promise<readonly Finding[]> => {
    const { clientConfig } = await sharedTwin();
    const { findings } = await preflight({
      stack,
      config: stackConfig({ stack, overrides }),
      region: clientConfig.region,
      clients: clientsOf(clientConfig),
      machine: BUILDING,
      get: hubWith(200, MODEL),
    });
    return findings;
  };

  it("finds the account, the zones of the type, and that the names of another stack are free", async () => {
    const findings = await run("dev");

    expectAmong(findings, "ok", /deploying to account 123456789012 in us-east-1/);
    expectAmong(findings, "ok", /^g6\.2xlarge is offered in us-east-1a/);
    expectAmong(findings, "ok", /^(\d+) of \1 fixed names are free\.$/);
  });

  it("finds that a type is not offered in the region", async () => {
    expectAmong(
      await run("dev", { instanceType: "ml.p5e.48xlarge" }),
      "fault",
      /^p5e\.48xlarge is not offered/,
      /aws:region/,
    );
  });

  it("does not report the names of the twin's stack as free, and leaves open what the twin does not emulate", async () => {
    const findings = await run("default");

    expect(findings.filter(({ message }) => /fixed names are free\.$/.test(message))).to.deep.equal([]);
    const open = findings.filter(({ level }) => level === "unknown");
    expect(open.map(({ check }) => check)).to.include.members(["endpoint quota", "Lambda concurrency"]);
    expect(open.every(({ message }) => message.startsWith("Not checked: "))).to.equal(true);
    expect(hasNoFault({ stack: "default", region: "us-east-1", findings })).to.equal(true);
  });
});
