import { fileURLToPath } from "node:url";
import * as aws from "@pulumi/aws";
import type { PolicyEvent } from "@pulumi/pulumi/automation/events.js";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { importProgram } from "../../local/program/run.js";
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

  /** Runs a command of the CLI with the pack, and gives what its rules said and whether it failed. */
  async function withPack(command: "preview" | "up"): Promise<{ said: PolicyEvent[]; failed: boolean }> {
    const said: PolicyEvent[] = [];
    const onEvent = ({ policyEvent }: { policyEvent?: PolicyEvent }): void => {
      if (policyEvent) said.push(policyEvent);
    };
    try {
      await stack[command]({ policyPacks: [PACK], onEvent, suppressProgress: true });
      return { said, failed: false };
    } catch (error) {
      // An error without a violation is none of the pack's: it must not pass for one.
      if (!said.some(({ enforcementLevel }) => enforcementLevel === "mandatory")) throw error;
      return { said, failed: true };
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

  it("lets the first preview pass, and names what it cannot see before the up", async () => {
    const { said, failed } = await withPack("preview");

    expect(failed).to.equal(false);
    expect(said.filter(({ message }) => !message.includes("can't be known during preview"))).to.deep.equal([]);
    expect(new Set(said.map(({ enforcementLevel }) => enforcementLevel))).to.deep.equal(new Set(["advisory"]));
  });

  it("lets the up pass, in which everything is known, without a word", async () => {
    const { said, failed } = await withPack("up");

    expect([said, failed]).to.deep.equal([[], false]);
  });

  it("stops a preview that would add an open bucket, and nothing is created", async () => {
    stack.workspace.program = async () => {
      const exported = await importProgram();
      new aws.s3.Bucket("bare");
      return exported;
    };
    const before = cloud.calls.length;

    const { said, failed } = await withPack("preview");

    expect(failed).to.equal(true);
    expect(said.every(({ enforcementLevel }) => enforcementLevel === "mandatory")).to.equal(true);
    expect(said.every(({ resourceUrn }) => resourceUrn?.endsWith("aws:s3/bucket:Bucket::bare"))).to.equal(true);
    const rules = new Set(said.map(({ policyName }) => policyName));
    expect([...rules]).to.have.members(["buckets-are-encrypted", "buckets-are-guarded", "tags-are-present"]);
    expect(cloud.calls.slice(before)).to.deep.equal([]);
  });
});
