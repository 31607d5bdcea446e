import { gzipSync } from "node:zlib";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { FASTA_ENVIRONMENT } from "../../../contract/environment.js";
import type { DropSummary, ManifestLine } from "../../../contract/fastaDrop.js";
import type { SubmitFastaData } from "../../../contract/tools.js";
import { startTwin, type Twin } from "../../../local/twin/start.js";
import { MODEL_DIR, prepareCheckpoint } from "./support/sharedTwin.js";
import { dataOf, ToolCalls } from "./support/toolCalls.js";
import { until } from "./support/until.js";

const RESIDUES = "ACDEFGHIKLMNPQRSTVWY";

/** A protein of 12 residues, different for each number. */
function protein(number: number): string {
  const digits = Array.from({ length: 4 }, (_, place) => RESIDUES.charAt(Math.floor(number / 20 ** place) % 20));
  return `MKTVRQER${digits.join("")}`;
}

/** 30 records: 24 with different proteins, one of them twice, one name twice, and 5 that cannot be scored. */
const FILE = [
  ...Array.from({ length: 22 }, (_, number) => `>protein/${number} of a set\n${protein(number)}\n`),
  `>again\n${protein(0).toLowerCase()}\n`,
  `>same-name\n${protein(100)}\n>same-name\n${protein(101)}\n`,
  `>=cmd|calc\n${protein(0)}B\n`,
  ">empty\n",
  `>long\n${"M".repeat(10_001)}\n`,
  ">binary\nMK\u0000\n",
  ">µ-opioid-🧬\nnot residues 1\n",
].join("");

/** Uploads of FASTA files, through S3, SQS, the function and the model, on the twin. */
describe("FASTA uploads on the twin", () => {
  let twin: Twin;
  let s3: S3Client;
  let sqs: SQSClient;
  let tools: ToolCalls;
  let Bucket: string;

  before(async () => {
    prepareCheckpoint();
    twin = await startTwin({ modelDir: MODEL_DIR, config: { fastaDrop: "true" } });
    s3 = new S3Client(twin.clientConfig);
    sqs = new SQSClient(twin.clientConfig);
    tools = new ToolCalls(twin);
    Bucket = String(twin.outputs["s3BucketName"]);
  });

  after(async () => {
    await twin.stop();
  });

  const upload = (Key: string, Body: string | Buffer): Promise<unknown> =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body }));

  async function read(Key: string): Promise<string | undefined> {
    try {
      return await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** The summary beside an upload, once the work on it is done. */
  const done = (key: string): Promise<DropSummary> =>
    until(`the end of ${key}`, async () => {
      const text = await read(`${key}.summary.json`);
      const summary = text === undefined ? undefined : (JSON.parse(text) as DropSummary);
      return summary?.status === "running" ? undefined : summary;
    });

  async function manifest(key: string): Promise<ManifestLine[]> {
    const text = (await read(`${key}.manifest.jsonl`)) ?? "";
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as ManifestLine);
  }

  async function taskQueue(): Promise<string> {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    return QueueUrls.find((url) => url.endsWith("fasta-tasks")) ?? "";
  }

  /** Waits until no task is left. */
  async function idle(): Promise<void> {
    const QueueUrl = await taskQueue();
    await until("an empty queue of tasks", async () => {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
      const counts = (["", "NotVisible", "Delayed"] as const).map(
        (kind) => Attributes[`ApproximateNumberOfMessages${kind}`],
      );
      return counts.every((count) => count === "0") ? true : undefined;
    });
  }

  /** Attempts of all jobs, by id. */
  async function attempts(): Promise<Record<string, unknown>> {
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(twin.clientConfig));
    const { Items = [] } = await documents.send(new ScanCommand({ TableName: String(twin.outputs["jobTableName"]) }));
    return Object.fromEntries<unknown>(
      Items.filter(({ attempt }) => attempt).map((item) => [item["output_id"], item["attempt"]]),
    );
  }

  it("gives functions a queue at the address of the twin, where faults can be injected", async () => {
    const lambda = new LambdaClient(twin.clientConfig);
    const FunctionName = String(twin.outputs["lambdaFunctionName"]);
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration?.Environment?.Variables?.[FASTA_ENVIRONMENT.queueUrl]).to.match(
      new RegExp(`^${twin.endpointUrl}/\\d{12}/.*fasta-tasks$`),
    );
  });

  it("makes each record a job, reports bad ones, and lists the best variants", async () => {
    const key = "uploads/my set+1/µ.fasta";
    await upload(key, FILE);

    const summary = await done(key);

    expect(summary).to.include({ status: "ended", records: 30, jobs: 24, unreadable_results: 0 });
    expect(summary.counts).to.deep.equal({
      invalid: 5,
      completed: 25,
      failed: 0,
      expired: 0,
      cancelled: 0,
      unknown: 0,
    });
    const lines = await manifest(key);
    expect(lines.map(({ record }) => record)).to.deep.equal(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(lines.slice(25).map(({ name, error }) => [name, error?.code])).to.deep.equal([
      ["=cmd|calc", "INVALID_RESIDUE"],
      ["empty", "EMPTY_SEQUENCE"],
      ["long", "SEQUENCE_TOO_LONG"],
      ["binary", "NOT_TEXT"],
      ["µ-opioid-🧬", "INVALID_RESIDUE"],
    ]);
    expect(lines[22]).to.include({ name: "again", output_id: lines[0]?.output_id, status: "completed" });
    expect(lines[0]).to.include({ name: "protein/0", line: 1, status: "completed" });
    const { output_id: id = "", submission_id } = lines[3] ?? {};
    expect(await tools.results(id, { submission_id })).to.include({ status: "completed", name: "protein/3" });
    const rows = ((await read(`${key}.top-variants.csv`)) ?? "").trimEnd().split("\r\n");
    expect(rows[0]).to.equal("record,name,output_id,rank,variant,hgvs,llr");
    expect(rows).to.have.length(1 + 25 * 10);
    expect(rows[1]).to.match(/^1,protein\/0,[0-9a-f-]{36},1,[A-Z]\d+[A-Z],p\.[A-Za-z]{3}\d+[A-Za-z]{3},-?[\d.]+$/);
  });

  it("starts nothing twice if the same file is dropped again, and its events are doubled", async () => {
    const key = "uploads/twice.fa.gz";
    const file = gzipSync(FILE.replaceAll("MKTVRQER", "MKTVRQEW"));
    await upload(key, file);
    const first = await done(key);
    await idle();
    const before = await attempts();
    const QueueUrl = await taskQueue();
    const event = { Records: [{ eventSource: "aws:s3", s3: { object: { key: encodeURIComponent(key) } } }] };

    await Promise.all([
      upload(key, file),
      ...[1, 2].map(() => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }))),
    ]);
    await idle();

    expect(await attempts()).to.deep.equal(before);
    expect(Object.values(before).every((attempt) => attempt === 1)).to.equal(true);
    const second = await done(key);
    expect(second).to.deep.equal({ ...first, ended_at: second.ended_at });
  });

  it("refuses a file that is empty, and starts nothing", async () => {
    const before = await attempts();
    await upload("uploads/empty.faa", "\n");

    const summary = await done("uploads/empty.faa");

    expect(summary).to.include({ status: "refused" });
    expect(summary.error?.code).to.equal("EMPTY_FILE");
    expect(await attempts()).to.deep.equal(before);
  });

  it("writes nothing beside uploads that would be read again, and nothing beside other files", async () => {
    await upload("uploads/notes.txt", FILE);
    await idle();
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "uploads/" }));
    const written = Contents.map(({ Key = "" }) => Key).filter((key) => /\.(jsonl|json|csv)$/.test(key));
    expect(written.filter((key) => key.includes("notes"))).to.deep.equal([]);
    expect(written).to.have.length(7);
  });

  it("takes the text of a file by submit_fasta, and answers how far it is", async () => {
    const call = { tool_name: "submit_fasta", fasta: `>a\n${protein(500)}\n>b\n${protein(501)}\n` };
    const submitted = dataOf(await tools.call<SubmitFastaData>(call));

    const data = await until("the end of the file", async () => {
      const answer = dataOf(await tools.call<SubmitFastaData>(call));
      return answer.status === "ended" ? answer : undefined;
    });

    expect(submitted.status).to.equal("submitted");
    expect(data).to.include({ file: submitted.file, records: 2, error: null });
    expect(data.counts).to.include({ completed: 2, invalid: 0 });
  });

  it("reads a file of another name by submit_fasta", async () => {
    const call = { tool_name: "submit_fasta", s3_uri: `s3://${Bucket}/uploads/by hand+1.txt` };
    await upload("uploads/by hand+1.txt", `>a\n${protein(600)}\n`);

    const submitted = dataOf(await tools.call<SubmitFastaData>(call));

    expect(submitted.status).to.equal("submitted");
    expect(await done("uploads/by hand+1.txt")).to.include({ status: "ended", records: 1 });
    expect(dataOf(await tools.call<SubmitFastaData>(call))).to.include({ status: "ended" });
  });
});
