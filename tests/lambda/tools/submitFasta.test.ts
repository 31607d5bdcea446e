import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import type { DropSummary } from "../../../contract/fastaDrop.js";
import type { SubmitFastaData } from "../../../contract/tools.js";
import type { ToolError } from "../../../contract/errors.js";
import { submitFasta, type FileQueue } from "../../../lambda/tools/submitFasta.js";
import { awsError, BUCKET, failed, ToolsWorld } from "../support/world.js";

const FASTA = ">a\nMKTAYIAK\n>b\nMKTVRQER\n";
const UPLOAD = `s3://${BUCKET}/uploads/set.txt`;
const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/fasta-tasks";

describe("submit_fasta", () => {
  let world: ToolsWorld;
  let sqs: ReturnType<typeof mockClient>;
  let queue: FileQueue;

  beforeEach(() => {
    world = new ToolsWorld();
    const client = new SQSClient({ region: "us-east-1" });
    sqs = mockClient(client);
    sqs.on(SendMessageCommand).resolves({ MessageId: "1" });
    queue = { sqs: client, url: QUEUE_URL };
  });

  const submit = async (input: Record<string, unknown>): Promise<SubmitFastaData> =>
    (await submitFasta(input, world.services, queue)).data;

  async function refusal(input: Record<string, unknown>): Promise<ToolError> {
    try {
      await submit(input);
    } catch (error) {
      return error as ToolError;
    }
    throw new Error("The file was accepted.");
  }

  const sent = (): unknown[] =>
    sqs.commandCalls(SendMessageCommand).map(({ args }) => {
      const { QueueUrl, MessageBody = "" } = args[0].input;
      expect(QueueUrl).to.equal(QUEUE_URL);
      return JSON.parse(MessageBody) as unknown;
    });

  /** Writes the summary that the function for FASTA files would write. */
  function summarise(file: string, more: Partial<DropSummary> = {}, modifiedAt = world.now): void {
    const summary = { status: "running", file, model_version: "sha256:1111", started_at: "2026-03-01", ...more };
    world.objects.set(`${file}.summary.json`, { text: JSON.stringify(summary), modifiedAt });
  }

  it("uploads a text under the name of its content, so that the same text is the same file", async () => {
    const first = await submit({ fasta: FASTA });
    const again = await submit({ fasta: FASTA });

    expect(first).to.deep.equal(again);
    expect(first).to.include({ status: "submitted", records: null, counts: null, error: null });
    expect(first.file).to.match(new RegExp(`^s3://${BUCKET}/uploads/submitted/[0-9a-f]{32}\\.fasta$`));
    expect([...world.objects.keys()]).to.deep.equal([first.file]);
    expect(world.objects.get(first.file)?.text).to.equal(FASTA);
    expect(sent()).to.deep.equal([]);
  });

  it("answers how far a text is, and does not upload it again", async () => {
    const { file } = await submit({ fasta: FASTA });
    const { objects } = world;
    summarise(file, { status: "ended", records: 2 });
    objects.delete(file);

    expect(await submit({ fasta: FASTA })).to.include({ status: "ended", records: 2 });
    expect(objects.has(file)).to.be.false;
  });

  it("submits a text again for another version of the model", async () => {
    const { file } = await submit({ fasta: FASTA });
    summarise(file, { status: "ended", model_version: "sha256:0000" });
    world.objects.delete(file);

    expect(await submit({ fasta: FASTA })).to.include({ status: "submitted" });
    expect(world.objects.has(file)).to.be.true;
  });

  it("asks once for an uploaded file, and again only if it is newer than what was written", async () => {
    world.objects.set(UPLOAD, { text: FASTA, modifiedAt: world.now });

    expect(await submit({ s3_uri: UPLOAD })).to.include({ status: "submitted", file: UPLOAD });
    expect(sent()).to.deep.equal([{ task: "read", key: "uploads/set.txt" }]);

    summarise(UPLOAD);
    expect(await submit({ s3_uri: UPLOAD })).to.include({ status: "running" });
    expect(sent()).to.have.length(1);

    world.pass(60);
    world.objects.set(UPLOAD, { text: `${FASTA}>c\nMKT\n`, modifiedAt: world.now });
    expect(await submit({ s3_uri: UPLOAD })).to.include({ status: "submitted" });
    expect(sent()).to.have.length(2);
  });

  it("says why a file was refused", async () => {
    const { file } = await submit({ fasta: FASTA });
    const error = { code: "EMPTY_FILE", message: "The file has no record." } as const;
    summarise(file, { status: "refused", error });

    expect(await submit({ fasta: FASTA })).to.deep.include({ status: "refused", error });
  });

  const tooMany = ">r\nM\n".repeat(10_001);
  const refused: readonly (readonly [what: string, input: Record<string, unknown>, code: string, part: string])[] = [
    ["no file", {}, "INVALID_INPUT", "Send one of upload fasta s3_uri"],
    ["null and an empty text for every file", { fasta: null, s3_uri: "" }, "INVALID_INPUT", "Send one of upload"],
    ["two files", { fasta: FASTA, s3_uri: UPLOAD }, "INVALID_INPUT", "only one"],
    ["an empty text", { fasta: "\n \n" }, "EMPTY_FILE", ""],
    ["10,001 records", { fasta: tooMany }, "FILE_TOO_LARGE", "10000"],
    ["a file that is not there", { s3_uri: UPLOAD }, "FILE_UNREADABLE", "upload it first"],
    ["another bucket", { s3_uri: "s3://other/uploads/a.fasta" }, "INVALID_INPUT", `s3://${BUCKET}/uploads/`],
    ["another folder", { s3_uri: `s3://${BUCKET}/async-inference-output/a.out` }, "INVALID_INPUT", "aws s3 cp"],
    ["the folder itself", { s3_uri: `s3://${BUCKET}/uploads/` }, "INVALID_INPUT", "not a FASTA file"],
    ["what the service wrote", { s3_uri: `${UPLOAD}.summary.json` }, "INVALID_INPUT", "not a FASTA file"],
    ["an address of the web", { s3_uri: "https://example.org/a.fasta" }, "INVALID_INPUT", "not a FASTA file"],
  ];
  for (const [what, input, code, part] of refused) {
    it(`refuses ${what}, with nothing stored or sent`, async () => {
      const { code: found, message } = await refusal(input);

      expect({ found, message }).to.deep.include({ found: code });
      expect(message.replaceAll(",", "")).to.include(part);
      expect(world.untouched).to.be.true;
      expect(sent()).to.deep.equal([]);
    });
  }

  it("takes null or an empty text for another file as absent", async () => {
    expect(await submit({ upload: null, fasta: FASTA, s3_uri: "" })).to.include({ status: "submitted" });
  });

  it("keeps nothing as submitted if the queue refuses the file", async () => {
    world.objects.set(UPLOAD, { text: FASTA, modifiedAt: world.now });
    sqs.on(SendMessageCommand).rejects(awsError("AccessDeniedException", "no"));

    expect((await refusal({ s3_uri: UPLOAD })).code).to.equal("ACCESS_DENIED");
  });

  it("is an error of a stack that takes no files", async () => {
    const answer = failed(await world.call({ tool_name: "submit_fasta", fasta: FASTA }));

    expect(answer.error_code).to.equal("FASTA_OFF");
    expect(answer.message).to.include("fastaDrop");
    expect(world.untouched).to.be.true;
  });
});
