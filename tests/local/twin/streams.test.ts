import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { LocalStore } from "../../../commands/query/localStore.js";
import type { LedgerItem } from "../../../contract/jobs.js";
import { MERGED_AFTER_DAYS, RESULT_TABLE_NAMES } from "../../../contract/resultStore.js";
import { PREFIXES, STREAM_PREFIXES } from "../../../contract/storage.js";
import { startTwin, type Twin } from "../../../local/twin/start.js";
import { MODEL_DIR, prepareCheckpoint } from "./support/sharedTwin.js";
import { until } from "./support/until.js";

/** Distinct proteins among the records. */
const PROTEINS = Array.from("ACDEFGHIKLMNPQRSTVWY", (residue) => `MKTVRQERLK${residue}`);

const RECORDS = 1_000;

/** Records that can never be jobs, with the code of the reason. */
const POISON: readonly (readonly [data: Buffer, code: string])[] = [
  [Buffer.from('{"sequence": "MKT"'), "INVALID_INPUT"],
  [Buffer.from([0xff, 0xfe, 0x00, 0x41]), "NOT_TEXT"],
  [Buffer.from('[{"sequence": "MKT"}]'), "INVALID_INPUT"],
  [Buffer.from("{}"), "INVALID_INPUT"],
  [Buffer.from(JSON.stringify({ sequence: "MKTX1" })), "INVALID_RESIDUE"],
  [Buffer.from(JSON.stringify({ sequence: "M".repeat(10_001) })), "SEQUENCE_TOO_LONG"],
  [Buffer.from(JSON.stringify({ sequence: "MKT", name: "n".repeat(1_000_000) })), "INVALID_INPUT"],
  [Buffer.from(JSON.stringify({ sequence: "MKT", tags: ["t".repeat(1_000_000)] })), "INVALID_TAG"],
];

/** Streams of Kinesis and of the ledger, with the functions that read them. */
describe("the streams of the twin", function () {
  this.timeout(300_000);
  let twin: Twin;
  let s3: S3Client;
  let kinesis: KinesisClient;
  let documents: DynamoDBDocumentClient;

  before(async () => {
    prepareCheckpoint();
    twin = await startTwin({ modelDir: MODEL_DIR, config: { stream: "true", resultsCatalog: "true" } });
    s3 = new S3Client(twin.clientConfig);
    // Its own handler speaks HTTP/2 only.
    kinesis = new KinesisClient({ ...twin.clientConfig, requestHandler: s3.config.requestHandler });
    documents = DynamoDBDocumentClient.from(new DynamoDBClient(twin.clientConfig));
  });

  after(() => twin.stop());

  const Bucket = (): string => String(twin.outputs["s3BucketName"]);

  async function keys(Prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: Bucket(), Prefix })) {
      found.push(...Contents.map(({ Key = "" }) => Key));
    }
    return found;
  }

  async function content(Key: string): Promise<Uint8Array> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: Bucket(), Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  /** The jobs in the ledger, without labels and times. */
  async function jobs(): Promise<LedgerItem[]> {
    const TableName = String(twin.outputs["jobTableName"]);
    const { Items = [] } = await documents.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return (Items as LedgerItem[]).filter(({ sequence_sha256: hash }) => (hash as string | undefined) !== undefined);
  }

  /** Puts records into the stream, and returns their ids. */
  async function put(records: readonly Buffer[]): Promise<string[]> {
    const ids: string[] = [];
    // Kinesis takes 500 records and 5 MiB in one request.
    for (let start = 0; start < records.length; start += 250) {
      const answer = await kinesis.send(
        new PutRecordsCommand({
          StreamName: String(twin.outputs["submissionStreamName"]),
          Records: records.slice(start, start + 250).map((Data, index) => ({ Data, PartitionKey: String(index) })),
        }),
      );
      expect(answer.FailedRecordCount ?? 0).to.equal(0);
      ids.push(...(answer.Records ?? []).map(({ ShardId, SequenceNumber }) => `${ShardId}:${SequenceNumber}`));
    }
    return ids;
  }

  const submission = (sequence: string): Buffer => Buffer.from(JSON.stringify({ sequence, tags: [] }));

  /** Puts one more protein into the stream, and waits until it is completed: then all records before it are handled. */
  async function drained(sequence: string): Promise<LedgerItem[]> {
    await put([submission(sequence)]);
    return until("the last record, and the end of all jobs", async () => {
      const all = await jobs();
      const known = all.some(({ sequence_length: length }) => length === sequence.length);
      return known && all.every(({ state }) => state === "completed") ? all : undefined;
    });
  }

  it("submits 1,000 records, duplicates once, and keeps those that can never be jobs with their reason", async () => {
    const every = Math.floor(RECORDS / POISON.length);
    const records = Array.from({ length: RECORDS }, (_, index) => {
      const poison = index % every === 7 ? POISON[Math.floor(index / every)] : undefined;
      return poison?.[0] ?? submission(PROTEINS[index % PROTEINS.length] ?? "");
    });
    const ids = await put(records);

    const all = await drained("MKTVRQERLKAA");

    expect(all).to.have.length(PROTEINS.length + 1);
    expect(all.map(({ attempt }) => attempt)).to.deep.equal(all.map(() => 1));
    expect(await keys(PREFIXES.output)).to.have.length(all.length);
    const refused = await Promise.all(
      (await keys(STREAM_PREFIXES.refused)).map(
        async (key) => JSON.parse(Buffer.from(await content(key)).toString()) as Record<string, string>,
      ),
    );
    const expected = POISON.map(([data, code], index) => ({
      record: ids[index * every + 7],
      code,
      data: data.toString("base64"),
    }));
    expect(refused.map(({ record, error_code: code, data }) => ({ record, code, data }))).to.have.deep.members(
      expected,
    );
    for (const { record, message } of refused) expect(message).to.match(new RegExp(`^Record ${record}: .+`));
    expect(await keys(STREAM_PREFIXES.givenUp)).to.deep.equal([]);
  });

  it("starts nothing when records are put again", async () => {
    await put([...PROTEINS, ...PROTEINS].map(submission));

    const all = await drained("MKTVRQERLKAAA");

    expect(all).to.have.length(PROTEINS.length + 2);
    expect(all.map(({ attempt }) => attempt)).to.deep.equal(all.map(() => 1));
    expect(await keys(PREFIXES.output)).to.have.length(all.length);
  });

  describe("the result store", () => {
    let copy: string;

    beforeEach(() => {
      copy = mkdtempSync(join(tmpdir(), "twin-results-"));
    });

    afterEach(() => {
      rmSync(copy, { recursive: true });
    });

    /** Copies the store, as `aws s3 sync` does, and counts the rows of its tables as `vep query --local` does. */
    async function counted(): Promise<Record<string, unknown>> {
      for (const table of RESULT_TABLE_NAMES) {
        for (const key of await keys(`${table}/`)) {
          mkdirSync(dirname(join(copy, key)), { recursive: true });
          writeFileSync(join(copy, key), await content(key));
        }
      }
      const store = await LocalStore.open(copy);
      const sql = "SELECT (SELECT count(*) FROM jobs) AS jobs, (SELECT count(*) FROM results) AS variants";
      const { columns, rows } = await store.query(sql);
      store.close();
      return Object.fromEntries(columns.map((column, index) => [column, rows[0]?.[index]]));
    }

    /** The rows that the ledger's jobs must have: 19 variants for each residue. */
    async function rowsOfLedger(): Promise<Record<string, number>> {
      const all = await jobs();
      return { jobs: all.length, variants: all.reduce((sum, { sequence_length: length }) => sum + 19 * length, 0) };
    }

    it("has the rows of every job that the ledger records as completed", async () => {
      const expected = await rowsOfLedger();
      await until("a file for each job", async () =>
        (await keys("jobs/stage=new/")).length === expected["jobs"] ? true : undefined,
      );

      expect(await counted()).to.deep.equal(expected);
    });

    it("has the same rows once past days are merged", async () => {
      const day = new Date(Date.now() - (MERGED_AFTER_DAYS + 1) * 86_400_000).toISOString().slice(0, 10);
      for (const key of (await Promise.all(RESULT_TABLE_NAMES.map((table) => keys(`${table}/stage=new/`)))).flat()) {
        const past = key.replace(/day=[\d-]+/, `day=${day}`);
        await s3.send(new CopyObjectCommand({ Bucket: Bucket(), Key: past, CopySource: `${Bucket()}/${key}` }));
        await s3.send(new DeleteObjectCommand({ Bucket: Bucket(), Key: key }));
      }

      const { FunctionError, Payload } = await new LambdaClient(twin.clientConfig).send(
        new InvokeCommand({ FunctionName: `${String(twin.outputs["resourcePrefix"])}-results-merge` }),
      );

      expect(FunctionError, Buffer.from(Payload ?? []).toString()).to.equal(undefined);
      expect(await keys("results/stage=merged/")).to.have.length(1);
      expect(await counted()).to.deep.equal(await rowsOfLedger());
    });
  });
});
