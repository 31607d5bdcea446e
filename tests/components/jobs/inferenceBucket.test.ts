import { expect } from "chai";
import { accessLogLifecycle, dataLifecycle } from "../../../components/jobs/lifecycle.js";
import { planned, statements } from "../../support/plannedStack.js";

describe("InferenceBucket", () => {
  it("makes two buckets, both private, encrypted and owned by the account", async () => {
    const { all, parentOf } = await planned();

    const buckets = all("aws:s3/bucket:Bucket");

    expect(buckets).to.have.length(2);
    expect(buckets.map((bucket) => parentOf(bucket)?.type)).to.deep.equal(
      Array(2).fill("amplify-vep:index:InferenceBucket"),
    );
    const blocks = all("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    expect(blocks).to.have.length(2);
    for (const { inputs } of blocks) {
      expect(inputs).to.deep.include({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    }
    for (const { inputs } of all("aws:s3/bucketOwnershipControls:BucketOwnershipControls")) {
      expect(inputs["rule"]).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
    }
    expect(
      all("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
    ).to.have.length(2);
  });

  it("enables no versioning and grants nothing by access lists", async () => {
    const { all, resources } = await planned();

    expect(all("aws:s3/bucketVersioning:BucketVersioning")).to.deep.equal([]);
    expect(resources.map(({ type }) => type).filter((type) => /Acl|Website|Cors/.test(type))).to.deep.equal([]);
    for (const { inputs } of all("aws:s3/bucket:Bucket")) expect(inputs).to.have.all.keys("forceDestroy", "tags");
  });

  it("refuses both buckets to everybody without TLS 1.2", async () => {
    const { all } = await planned();

    for (const { inputs } of all("aws:s3/bucketPolicy:BucketPolicy")) {
      const denials = statements(inputs["policy"]).filter(({ Effect }) => Effect === "Deny");
      expect(denials.map(({ Principal, Condition }) => [Principal, Condition])).to.deep.equal([
        ["*", { Bool: { "aws:SecureTransport": "false" } }],
        ["*", { NumericLessThan: { "s3:TlsVersion": "1.2" } }],
      ]);
    }
  });

  it("allows only S3's log delivery by policy, for this bucket only", async () => {
    const { one, outputs } = await planned();

    const allowed = (name: string) =>
      statements(one("aws:s3/bucketPolicy:BucketPolicy", name).inputs["policy"]).filter(
        ({ Effect }) => Effect === "Allow",
      );

    expect(allowed("-data-policy")).to.deep.equal([]);
    expect(allowed("-access-logs-policy")).to.have.length(1);
    expect(allowed("-access-logs-policy")[0]).to.deep.include({
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": outputs["s3BucketArn"] },
      },
    });
  });

  it("logs access to the data, into the other bucket", async () => {
    const { all, outputs } = await planned();

    const logging = all("aws:s3/bucketLogging:BucketLogging");

    expect(logging).to.have.length(1);
    expect(logging[0]?.inputs["bucket"]).to.equal(outputs["s3BucketName"]);
    expect(logging[0]?.inputs["targetBucket"]).to.match(/access-logs/);
  });

  it("keeps the buckets and what protects them, unless retainData is false", async () => {
    const ofS3 = async (retainData: string) =>
      (await planned("default", { retainData })).resources.filter(({ type }) => type.startsWith("aws:s3/"));

    expect((await ofS3("true")).every(({ options }) => options.retainOnDelete)).to.equal(true);
    const gone = await ofS3("false");
    expect(gone.some(({ options }) => options.retainOnDelete)).to.equal(false);
    const buckets = gone.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(buckets.map(({ inputs }) => inputs["forceDestroy"])).to.deep.equal([true, true]);
  });

  it("has the name that it is given, and only the data bucket has it", async () => {
    const { all, outputs } = await planned("default", { bucketName: "my-proteins" });

    expect(outputs["s3BucketName"]).to.equal("my-proteins");
    expect(all("aws:s3/bucket:Bucket").filter(({ inputs }) => "bucket" in inputs)).to.have.length(1);
  });
});

/** No optional capability. */
const OFF = { resultsCatalog: false, stream: false, fastaDrop: false, scan: false, evidence: false };

describe("dataLifecycle", () => {
  it("deletes requests after 7 days and failures after 30, and moves large results at 30 and 90", () => {
    const rules = Object.fromEntries(dataLifecycle(OFF).map((rule) => [rule.id as string, rule]));

    expect(rules).to.have.all.keys("requests", "results", "failures", "unfinished-uploads");
    expect(rules["requests"]).to.deep.include({
      filter: { prefix: "async-inference-input/" },
      expiration: { days: 7 },
    });
    expect(rules["failures"]).to.deep.include({
      filter: { prefix: "async-inference-failures/" },
      expiration: { days: 30 },
    });
    expect(rules["results"]).to.deep.include({
      filter: { and: { prefix: "async-inference-output/", objectSizeGreaterThan: 131_071 } },
      transitions: [
        { days: 30, storageClass: "STANDARD_IA" },
        { days: 90, storageClass: "GLACIER_IR" },
      ],
    });
    expect(rules["unfinished-uploads"]).to.deep.include({ abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } });
  });

  it("deletes the parts of FASTA files after 30 days, if there are any", () => {
    const rules = dataLifecycle({ ...OFF, fastaDrop: true }).filter(({ id }) => id === "fasta-drops");

    expect(rules).to.deep.include.members([
      { id: "fasta-drops", status: "Enabled", filter: { prefix: "fasta-drops/" }, expiration: { days: 30 } },
    ]);
  });

  it("never deletes results or uploads", () => {
    const deleting = dataLifecycle(OFF).filter((rule) => "expiration" in rule);

    const prefixes = deleting.map((rule) => (rule.filter as { prefix: string }).prefix);
    expect(prefixes).to.deep.equal(["async-inference-input/", "async-inference-failures/"]);
  });
});

describe("accessLogLifecycle", () => {
  it("deletes access logs after the logs' retention", () => {
    expect(accessLogLifecycle(14)[0]).to.deep.include({ expiration: { days: 14 } });
  });
});
