import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { weights } from "../../../../commands/preflight/checks/weights.js";
import { runCheck, type Finding } from "../../../../commands/preflight/finding.js";
import { awsError, expectFinding } from "../support/answers.js";

const WHERE = {
  url: "s3://weights/1/",
  folder: { bucketName: "weights", prefix: "1/" },
  region: "us-east-1",
  instanceType: "ml.g6.2xlarge",
};
const MANIFEST = JSON.stringify({
  files: { "config.json": "0".repeat(64), "model.safetensors": "1".repeat(64) },
});

function s3With(answers: {
  readonly region?: string;
  readonly manifest?: string;
  readonly objects?: Readonly<Record<string, number>>;
}): S3Client {
  const {
    region = "us-east-1",
    manifest = MANIFEST,
    objects = { "config.json": 600, "model.safetensors": 1.4e9 },
  } = answers;
  const client = new S3Client({});
  const stub = mockClient(client);
  const body = { transformToString: () => Promise.resolve(manifest) };
  stub.on(HeadBucketCommand, { Bucket: "weights" }).resolves({ BucketRegion: region });
  stub.on(GetObjectCommand, { Bucket: "weights", Key: "1/manifest.json" }).resolves({ Body: body as never });
  stub.on(ListObjectsV2Command, { Bucket: "weights", Prefix: "1/" }).resolves({
    Contents: Object.entries(objects).map(([name, Size]) => ({ Key: `1/${name}`, Size })),
  });
  return client;
}

function failing(command: typeof HeadBucketCommand | typeof GetObjectCommand, httpStatusCode: number): S3Client {
  const client = s3With({});
  const error = Object.assign(awsError(httpStatusCode === 403 ? "AccessDenied" : "NotFound"), {
    $metadata: { httpStatusCode },
  });
  mockClient(client)
    .on(HeadBucketCommand)
    .resolves({ BucketRegion: "us-east-1" })
    .on(command as typeof HeadBucketCommand)
    .rejects(error);
  return client;
}

describe("preflight: weights in S3", () => {
  const ask = (client: S3Client, where: Partial<typeof WHERE> = {}): Promise<readonly Finding[]> =>
    weights(client, { ...WHERE, ...where });

  it("are there with every file of their manifest", async () => {
    expectFinding(await ask(s3With({})), "ok", /s3:\/\/weights\/1\/ has its 2 files, 1\.30 GiB/);
  });

  it("lack a file", async () => {
    expectFinding(await ask(s3With({ objects: { "config.json": 1 } })), "fault", /lacks model\.safetensors/, /s3 sync/);
  });

  it("have no manifest, or one that names no weights", async () => {
    const empty = JSON.stringify({ files: { "config.json": "0".repeat(64) } });

    expectFinding(
      await ask(failing(GetObjectCommand, 404)),
      "fault",
      /manifest\.json cannot be used/,
      /amplify-vep prove/,
    );
    expectFinding(await ask(s3With({ manifest: empty })), "fault", /no safetensors/, /amplify-vep prove/);
  });

  it("are in another region, or in no bucket", async () => {
    expectFinding(await ask(s3With({ region: "eu-west-1" })), "fault", /is in eu-west-1/, /bucket in us-east-1/);
    expectFinding(await ask(failing(HeadBucketCommand, 301)), "fault", /is in another region/, /bucket in us-east-1/);
    expectFinding(await ask(failing(HeadBucketCommand, 404)), "fault", /does not exist/, /bucket in us-east-1/);
  });

  it("are larger than the memory of a GPU", async () => {
    const client = s3With({ objects: { "config.json": 600, "model.safetensors": 40 * 2 ** 30 } });

    expectFinding(await ask(client), "fault", /40\.0 GiB, a GPU of ml\.g6\.2xlarge has 22\.4 GiB/, /instanceType/);
  });

  it("are unknown where this principal may not read them", async () => {
    for (const command of [HeadBucketCommand, GetObjectCommand]) {
      const found = await runCheck({ name: "weights in S3", run: () => ask(failing(command, 403)) });

      expect(found.map(({ level }) => level)).to.deep.equal(["unknown"]);
    }
  });
});
