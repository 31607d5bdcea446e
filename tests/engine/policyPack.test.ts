import { fileURLToPath } from "node:url";
import * as aws from "@pulumi/aws";
import type { PolicyEvent } from "@pulumi/pulumi/automation/events.js";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { importProgram } from "../../local/program/runProgram.js";
import { Cloud } from "./provider/cloud.js";
import { startProviders, type Providers } from "./provider/server.js";
import { describeEngine } from "./support/engine.js";
import { Workspace } from "./support/workspace.js";

const PACK = fileURLToPath(new URL("../../policy", import.meta.url));

describeEngine("the policy pack, with the real engine", () => {
  const cloud = new Cloud();
  let workspace: Workspace;
  let providers: Providers;
  let stack: Stack;

  /** Runs a command of the CLI with the pack; gives the violations and whether the command failed. */
  async function withPack(command: "preview" | "up"): Promise<{ violations: PolicyEvent[]; failed: boolean }> {
    const violations: PolicyEvent[] = [];
    const onEvent = ({ policyEvent }: { policyEvent?: PolicyEvent }): void => {
      if (policyEvent) violations.push(policyEvent);
    };
    try {
      await stack[command]({ policyPacks: [PACK], onEvent, suppressProgress: true });
      return { violations, failed: false };
    } catch (error) {
      // An error without a mandatory violation has another cause and must not count as one.
      if (!violations.some(({ enforcementLevel }) => enforcementLevel === "mandatory")) throw error;
      return { violations, failed: true };
    }
  }

  before(async () => {
    workspace = Workspace.create();
    providers = await startProviders(() => cloud);
    stack = await workspace.stack("dev", providers.debugProviders);
    await stack.setConfig("aws:region", { value: "us-east-1" });
  });

  after(() => {
    providers.stop();
    workspace.remove();
  });

  it("passes the first preview, with an advisory for each property that is still unknown", async () => {
    const { violations, failed } = await withPack("preview");

    expect(failed).to.equal(false);
    expect(violations.filter(({ message }) => !message.includes("can't be known during preview"))).to.deep.equal([]);
    expect(new Set(violations.map(({ enforcementLevel }) => enforcementLevel))).to.deep.equal(new Set(["advisory"]));
  });

  it("passes the up, in which all properties are known, without a violation", async () => {
    const { violations, failed } = await withPack("up");

    expect([violations, failed]).to.deep.equal([[], false]);
  });

  it("fails the preview of an unprotected bucket, and creates nothing", async () => {
    stack.workspace.program = async () => {
      const exported = await importProgram();
      new aws.s3.Bucket("bare");
      return exported;
    };
    const before = cloud.calls.length;

    const { violations, failed } = await withPack("preview");

    expect(failed).to.equal(true);
    expect(violations.every(({ enforcementLevel }) => enforcementLevel === "mandatory")).to.equal(true);
    expect(violations.every(({ resourceUrn }) => resourceUrn?.endsWith("aws:s3/bucket:Bucket::bare"))).to.equal(true);
    const rules = new Set(violations.map(({ policyName }) => policyName));
    expect([...rules]).to.have.members(["buckets-are-encrypted", "buckets-are-guarded", "tags-are-present"]);
    expect(cloud.calls.slice(before)).to.deep.equal([]);
  });
});
