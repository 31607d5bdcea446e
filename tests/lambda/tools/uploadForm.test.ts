import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import type { SubmitFastaData } from "../../../contract/tools.js";
import { BUCKET, failed, jobEnvironment, succeeded, ToolsWorld } from "../support/world.js";

describe("submit_fasta with a form of S3", () => {
  const sqs = new SQSClient({ region: "us-east-1" });
  const queue = mockClient(sqs);
  let world: ToolsWorld;

  beforeEach(() => {
    queue.reset();
    world = new ToolsWorld(jobEnvironment(), { fileQueue: { sqs, url: "https://sqs.example/fasta-tasks" } });
  });

  const submit = (input: Record<string, unknown>) => world.call({ tool_name: "submit_fasta", ...input });
  const data = async (input: Record<string, unknown>) => succeeded(await submit(input)).data as SubmitFastaData;
  const put = (key: string, text: string) =>
    world.objects.set(`s3://${BUCKET}/${key}`, { text, modifiedAt: world.now });
  const asked = () => queue.commandCalls(SendMessageCommand).length;

  it("gives a form for a new file, and stores and starts nothing", async () => {
    const { status, file, upload } = await data({ upload: true });

    expect(status).to.equal("awaited");
    expect(file).to.match(new RegExp(`^s3://${BUCKET}/uploads/submitted/[0-9a-f-]{36}\\.fasta$`));
    expect(file).to.equal(`s3://${BUCKET}/${upload?.fields["key"] ?? ""}`);
    expect(world.untouched).to.equal(true);
    expect(asked()).to.equal(0);
  });

  it("does not ask for a file of a form, which S3 reports, until it was read with another version of the model", async () => {
    const key = "uploads/submitted/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9.fasta";
    put(key, ">a\nMKT\n");
    const first = await data({ s3_uri: `s3://${BUCKET}/${key}` });
    put(`${key}.summary.json`, JSON.stringify({ status: "ended", model_version: "sha256:older" }));
    const later = await data({ s3_uri: `s3://${BUCKET}/${key}` });

    expect([first.status, later.status]).to.deep.equal(["submitted", "submitted"]);
    expect(asked()).to.equal(1);
  });

  it("asks for every other file that was not read", async () => {
    put("uploads/by-hand.txt", ">a\nMKT\n");

    await data({ s3_uri: `s3://${BUCKET}/uploads/by-hand.txt` });

    expect(asked()).to.equal(1);
  });

  for (const input of [
    {},
    { upload: false },
    { upload: true, fasta: ">a\nMKT" },
    { fasta: ">a\nM", s3_uri: "s3://a/b" },
  ]) {
    it(`refuses ${JSON.stringify(input)}, and says what to send`, async () => {
      expect(failed(await submit(input))).to.have.property("error_code", "INVALID_INPUT");
      expect(world.untouched).to.equal(true);
    });
  }
});
