import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { Readable } from "node:stream";
import { comparisonText } from "../../../commands/models/comparisonText.js";
import { fromLedger } from "../../../commands/models/ledgerComparison.js";
import type { DeployedVersion } from "../../../commands/models/modelRegistry.js";
import { versionComparison } from "../../../commands/models/versionComparison.js";
import { sequenceSha256, type LedgerItem } from "../../../contract/jobs.js";
import { jobOf } from "../../lambda/results/support/endedJobs.js";
import { variedEffects } from "../../lambda/support/results.js";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;

describe("the comparison of two versions from the ledger", () => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }));
  const s3 = new S3Client({ region: "us-east-1" });
  const source = { documents, table: "jobs", s3 };
  let objects: Map<string, string>;
  let jobs: LedgerItem[];

  beforeEach(() => {
    objects = new Map();
    jobs = [];
    mockClient(documents)
      .on(QueryCommand)
      .callsFake(({ ExpressionAttributeValues: values }: { ExpressionAttributeValues: Record<string, string> }) => ({
        Items: jobs.filter(({ image_digest }) => image_digest === values[":version"]),
      }));
    mockClient(s3)
      .on(GetObjectCommand)
      .callsFake(({ Key }: { Key: string }) => {
        const text = objects.get(Key);
        if (text === undefined) throw new NoSuchKey({ message: "There is none.", $metadata: {} });
        return { Body: Object.assign(Readable.from([text]), { transformToString: () => Promise.resolve(text) }) };
      });
  });

  /** Stores a completed job of a version, whose result has this text; undefined for a result that was deleted. */
  function scored(id: string, version: string, length: number, text?: string): void {
    const job = jobOf(variedEffects(length), { output_id: id, image_digest: version });
    jobs.push({ ...job, output_location: `s3://bucket/${id}.out` } as LedgerItem);
    if (text !== undefined) objects.set(`${id}.out`, text);
  }

  const result = (length: number, changes: object = {}): string =>
    JSON.stringify({ ...variedEffects(length), ...changes });

  it("names a job whose result cannot be read, and compares the others", async () => {
    scored("a-12", A, 12, result(12));
    scored("b-12", B, 12, "{ cut o");
    scored("a-13", A, 13, result(14));
    scored("b-13", B, 13, result(13));
    scored("a-15", A, 15, result(15));
    scored("b-15", B, 15, result(15));
    scored("a-16", A, 16);
    scored("b-16", B, 16, result(16));

    const found = await fromLedger(source, A, B, 10);

    expect(found.proteins.map(({ sequence_sha256: sha, pairs }) => [sha, pairs.length])).to.deep.equal([
      [sequenceSha256(variedEffects(15).sequence), 19 * 15],
    ]);
    expect(found.unreadable.map(({ output_id }) => output_id)).to.deep.equal(["b-12", "a-13", "a-16"]);
    expect(found.unreadable.map(({ reason }) => reason)).to.have.ordered.members([
      "The stored result is not JSON; submit the protein again to compute it again.",
      "The stored result is of another protein; submit the protein again to compute it again.",
      "The stored result was deleted; submit the protein again to compute it again.",
    ]);
    expect(found.jobs.a).to.have.length(4);
  });

  it("shows them in its report", async () => {
    scored("a-12", A, 12, result(12));
    scored("b-12", B, 12, "{ cut o");
    const version = (name: string, model_version: string) =>
      ({ name, model_version, model_id: "owner/model", revision: "main" }) as DeployedVersion;
    const found = await fromLedger(source, A, B, 10);

    const text = comparisonText(
      versionComparison([version("base", A), version("v2", B)], "the job ledger", found, null),
    );

    expect(text).to.match(/Jobs that are left out[^\n]*\n {2}job +reason\n {2}b-12 +The stored result is not JSON/);
  });

  it("counts a protein once that was requested in two ways", async () => {
    for (const version of [A, B]) {
      scored(`${version}-all`, version, 12, result(12));
      scored(`${version}-one`, version, 12, result(12));
      jobs[jobs.length - 1] = { ...jobs[jobs.length - 1], masked_copies: 1 } as LedgerItem;
    }

    const found = await fromLedger(source, A, B, 10);

    expect(found.proteins.map(({ pairs }) => pairs.length)).to.deep.equal([19 * 12]);
  });
});
