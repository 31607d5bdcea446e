import { expect } from "chai";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, statements, type PlannedStack } from "../../support/plannedStack.js";

const KEYED = { encryption: "kms" };
const KEY = "aws:kms/key:Key";

async function keyed(): Promise<{ stack: PlannedStack; keyArn: string }> {
  const stack = await planned("default", KEYED);
  const encryption = stack.one("aws:dynamodb/table:Table").inputs["serverSideEncryption"] as { kmsKeyArn: string };
  return { stack, keyArn: encryption.kmsKeyArn };
}

describe("DataKey", () => {
  it("is there only when asked for", async () => {
    expect((await planned()).all(KEY)).to.deep.equal([]);
    expect((await planned("prod")).all(KEY)).to.have.length(1);
  });

  it("rotates, can be rescued for 30 days, and stays where the data stays", async () => {
    const { one } = await planned("default", KEYED);
    const gone = await planned("default", { ...KEYED, retainData: "false" });

    expect(one(KEY).inputs).to.deep.include({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(one(KEY).options.retainOnDelete).to.equal(true);
    expect(gone.one(KEY).options.retainOnDelete).to.equal(false);
  });

  it("encrypts every store: data bucket, results, ledger, topics, queues and log groups", async () => {
    const { stack, keyArn } = await keyed();
    const { all, one } = stack;

    const bucket = one(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "-data-encryption",
    );
    expect(keyArn).to.match(/^arn:aws:kms:eu-west-1:123456789012:key\//);
    expect(bucket.inputs["rules"]).to.deep.equal([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      },
    ]);
    expect(one("aws:sagemaker/endpointConfiguration:EndpointConfiguration").inputs).to.have.nested.property(
      "asyncInferenceConfig.outputConfig.kmsKeyId",
      keyArn,
    );
    const keys = (type: string, key: string): unknown[] => all(type).map(({ inputs }) => inputs[key]);
    expect(keys("aws:sns/topic:Topic", "kmsMasterKeyId")).to.deep.equal(Array(3).fill(keyArn));
    expect(keys("aws:sqs/queue:Queue", "kmsMasterKeyId")).to.deep.equal(Array(2).fill(keyArn));
    expect(keys("aws:cloudwatch/logGroup:LogGroup", "kmsKeyId")).to.deep.equal(Array(4).fill(keyArn));
  });

  it("encrypts neither the endpoint's volumes nor the access logs, which both refuse it", async () => {
    const { stack } = await keyed();

    const accessLogs = stack.one(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "-access-logs-encryption",
    );

    expect(stack.one("aws:sagemaker/endpointConfiguration:EndpointConfiguration").inputs).to.not.have.property(
      "kmsKeyArn",
    );
    expect(accessLogs.inputs["rules"]).to.deep.equal([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
  });

  it("gives its rights itself, so that no role loses them when the stack leaves the key", async () => {
    const { all } = await planned("default", KEYED);

    const actions = all("aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs }) =>
      statements(inputs["policy"]).flatMap(({ Action }) => Action),
    );
    expect(actions.filter((action) => action.startsWith("kms:"))).to.deep.equal([]);
  });

  it("has the same policy for every path of the roles", async () => {
    const moved = await planned("default", { ...KEYED, iamPath: "/science/" });

    expect(moved.one(KEY).inputs["policy"]).to.equal((await planned("default", KEYED)).one(KEY).inputs["policy"]);
  });

  it("is named by no store without it", async () => {
    const { resources } = await planned();

    expect(JSON.stringify(resources.map(({ inputs, type }) => (type.includes("lambda") ? {} : inputs)))).to.not.match(
      /kms/i,
    );
  });

  const S3 = { "kms:ViaService": `s3.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };
  const DYNAMODB = { "kms:ViaService": `dynamodb.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };
  const FOR_SERVICE = { ...DYNAMODB, "kms:GrantIsForAWSResource": "true" };
  const SQS = { "kms:ViaService": `sqs.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };
  const SNS = { "kms:ViaService": `sns.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };
  const ANOTHER_ACCOUNT = { ...S3, "kms:CallerAccount": "999999999999" };
  const alarmOf = (name: string, account = ACCOUNT) => ({
    "aws:SourceAccount": account,
    "aws:SourceArn": `arn:aws:cloudwatch:${REGION}:${account}:alarm:${name}`,
  });
  const EC2 = { "kms:ViaService": `ec2.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };
  const logsOf = (group: string) => ({
    "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}`,
  });

  for (const [principal, action, context, expected] of [
    ["-tools-role", "kms:Decrypt", S3, true],
    ["-tools-role", "kms:GenerateDataKey", S3, true],
    ["-tools-role", "kms:Decrypt", DYNAMODB, true],
    ["-tools-role", "kms:Decrypt", EC2, false],
    ["-tools-role", "kms:Decrypt", {}, false],
    ["-tools-role", "kms:ScheduleKeyDeletion", {}, false],
    ["-tools-role", "kms:Decrypt", SNS, false],
    ["-tools-role", "kms:Decrypt", ANOTHER_ACCOUNT, false],
    ["-tools-role", "kms:CreateGrant", FOR_SERVICE, false],
    ["-tools-role", "kms:PutKeyPolicy", S3, false],
    ["-endpoint-role", "kms:Decrypt", S3, true],
    ["-endpoint-role", "kms:GenerateDataKey", S3, true],
    ["-endpoint-role", "kms:GenerateDataKey", SNS, true],
    ["-endpoint-role", "kms:Decrypt", DYNAMODB, false],
    ["-endpoint-role", "kms:GenerateDataKey", SNS, true],
    ["-recorder-role", "kms:Decrypt", SQS, true],
    ["-recorder-role", "kms:Decrypt", DYNAMODB, true],
    ["-recorder-role", "kms:Decrypt", SNS, false],
    ["-sweeper-role", "kms:Decrypt", DYNAMODB, true],
    ["-sweeper-role", "kms:Decrypt", SQS, false],
    ["-tools-role", "kms:Decrypt", SQS, true],
    ["owner", "kms:PutKeyPolicy", {}, true],
    ["owner", "kms:ScheduleKeyDeletion", {}, true],
    ["owner", "kms:CreateGrant", FOR_SERVICE, true],
    ["owner", "kms:CreateGrant", DYNAMODB, false],
    ["owner", "kms:CreateGrant", { ...S3, "kms:GrantIsForAWSResource": "true" }, false],
    ["owner", "kms:Decrypt", S3, false],
    ["owner", "kms:Decrypt", {}, false],
    ["owner", "kms:CreateGrant", {}, false],
    [
      `logs.${REGION}.amazonaws.com`,
      "kms:GenerateDataKey",
      logsOf("/aws/lambda/protein-agent-default-async-endpoint-lambda"),
      true,
    ],
    [
      `logs.${REGION}.amazonaws.com`,
      "kms:Decrypt",
      logsOf("/aws/sagemaker/Endpoints/protein-agent-default-endpoint"),
      true,
    ],
    [`logs.${REGION}.amazonaws.com`, "kms:GenerateDataKey", logsOf("/aws/vpc/protein-agent-default-flow-logs"), true],
    [`logs.${REGION}.amazonaws.com`, "kms:GenerateDataKey", logsOf("/aws/vpc/another-flow-logs"), false],
    [`logs.${REGION}.amazonaws.com`, "kms:Decrypt", logsOf("/aws/lambda/another"), false],
    ["cloudwatch.amazonaws.com", "kms:GenerateDataKey", alarmOf("protein-agent-default-any"), true],
    ["cloudwatch.amazonaws.com", "kms:GenerateDataKey", { "aws:SourceAccount": ACCOUNT }, false],
    ["cloudwatch.amazonaws.com", "kms:GenerateDataKey", alarmOf("another-alarm"), false],
    ["cloudwatch.amazonaws.com", "kms:GenerateDataKey", alarmOf("protein-agent-default-any", "999999999999"), false],
    ["events.amazonaws.com", "kms:GenerateDataKey", alarmOf("protein-agent-default-any"), false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} ${action} with ${JSON.stringify(context)}`, async () => {
      const { stack, keyArn } = await keyed();

      expect(await isAllowed(stack, { principal, action, resource: keyArn, context })).to.equal(expected);
    });
  }
});
