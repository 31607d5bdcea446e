import { expect } from "chai";
import { bundledFiles } from "../../../components/shared/bundledFiles.js";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const ON = { stream: "true" };
const FUNCTION = "aws:lambda/function:Function";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const STREAM = "aws:kinesis/stream:Stream";
const ROLE = "-stream-role";
const OWN = { "s3:ResourceAccount": ACCOUNT };

/** Fills in the ARNs of a stack. */
function arnIn({ outputs }: PlannedStack, resource: string): string {
  return resource
    .replace("{bucket}", String(outputs["s3BucketArn"]))
    .replace("{table}", `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(outputs["jobTableName"])}`)
    .replace("{endpoint}", String(outputs["endpointArn"]))
    .replace("{stream}", `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${String(outputs["submissionStreamName"])}`);
}

describe("SubmissionStream", () => {
  it("is no part of a stack without it: no resource, no output, and no right to its key", async () => {
    const { all, outputs, resources } = await planned("default", { encryption: "kms" });

    expect(all(STREAM)).to.deep.equal([]);
    expect(resources.filter(({ name }) => name.includes("-stream"))).to.deep.equal([]);
    expect(outputs).to.not.have.property("submissionStreamName");
    expect(String(all("aws:kms/key:Key")[0]?.inputs["policy"])).to.not.include("PutRecords");
  });

  it("has one encrypted shard, with the key of Kinesis or of the stack", async () => {
    const plain = await planned("default", ON);
    const keyed = await planned("default", { ...ON, encryption: "kms" });
    const key = keyed.one("aws:cloudwatch/logGroup:LogGroup", "-stream-logs").inputs["kmsKeyId"];

    expect(plain.one(STREAM).inputs).to.deep.include({
      name: "protein-agent-default-submissions",
      streamModeDetails: { streamMode: "PROVISIONED" },
      shardCount: 1,
      encryptionType: "KMS",
      kmsKeyId: "alias/aws/kinesis",
    });
    expect(keyed.one(STREAM).inputs).to.include({ encryptionType: "KMS", kmsKeyId: key });
    expect(plain.outputs["submissionStreamName"]).to.equal("protein-agent-default-submissions");
  });

  it("reads from the oldest record, retries three times, and keeps what it gives up with its content", async () => {
    const stack = await planned("default", ON);

    expect(stack.one(MAPPING, "-stream-records").inputs).to.deep.include({
      eventSourceArn: arnIn(stack, "{stream}"),
      startingPosition: "TRIM_HORIZON",
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 3,
      destinationConfig: { onFailure: { destinationArn: stack.outputs["s3BucketArn"] } },
    });
  });

  it("deletes the failures after 30 days", async () => {
    const { one } = await planned("default", ON);
    const { rules } = one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "-data-lifecycle")
      .inputs as { rules: { filter: { prefix?: string }; expiration?: { days: number } }[] };

    for (const prefix of ["stream-failures/", "aws/lambda/"]) {
      const rule = rules.find(({ filter }) => filter.prefix === prefix);
      expect(rule?.expiration, prefix).to.deep.equal({ days: 30 });
    }
  });

  it("runs a traced function with the environment of the others, and a timeout that they know", async () => {
    const { one } = await planned("default", ON);
    const { environment, timeout, tracingConfig } = one(FUNCTION, "-stream-function").inputs as {
      environment: { variables: Record<string, string> };
      timeout: number;
      tracingConfig: object;
    };

    expect(tracingConfig).to.deep.equal({ mode: "Active" });
    expect(environment.variables["FUNCTION_TIMEOUT_SECONDS"]).to.equal(String(timeout));
    expect(Number(environment.variables["SUBMISSION_TIMEOUT_SECONDS"])).to.be.at.least(timeout);
  });

  it("bundles the function under 3 MB", async () => {
    const files = await bundledFiles("lambda/stream/index.ts");

    expect(files.get("index.js")?.length).to.be.within(10_000, 3_000_000);
  });

  for (const [action, resource, expected, context] of [
    ["kinesis:GetRecords", "{stream}", true, {}],
    ["kinesis:GetShardIterator", "{stream}", true, {}],
    ["kinesis:DescribeStream", "{stream}", true, {}],
    ["kinesis:DescribeStreamSummary", "{stream}", true, {}],
    ["kinesis:ListShards", "{stream}", true, {}],
    ["kinesis:ListStreams", "*", true, {}],
    ["kinesis:PutRecord", "{stream}", false, {}],
    ["kinesis:GetRecords", `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/another`, false, {}],
    ["s3:PutObject", "{bucket}/aws/lambda/a", true, OWN],
    ["s3:PutObject", "{bucket}/aws/lambda/a", false, { "s3:ResourceAccount": "999999999999" }],
    ["s3:ListBucket", "{bucket}", true, OWN],
    ["s3:PutObject", "{bucket}/stream-failures/a.json", true, OWN],
    ["s3:PutObject", "{bucket}/async-inference-input/a.json", true, OWN],
    ["s3:PutObject", "{bucket}/async-inference-output/a.out", false, OWN],
    ["s3:GetObject", "{bucket}/async-inference-failures/a.out", true, OWN],
    ["s3:GetObject", "{bucket}/async-inference-output/a.out", false, OWN],
    ["s3:GetObject", "{bucket}/stream-failures/a.json", false, OWN],
    ["s3:DeleteObject", "{bucket}/stream-failures/a.json", false, OWN],
    ["dynamodb:PutItem", "{table}", true, {}],
    ["dynamodb:DeleteItem", "{table}", false, {}],
    ["dynamodb:Query", "{table}/index/by-state", true, {}],
    ["sagemaker:InvokeEndpointAsync", "{endpoint}", true, {}],
    ["sagemaker:UpdateEndpoint", "{endpoint}", false, {}],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} the function ${action} on ${resource} ${JSON.stringify(context)}`, async () => {
      const stack = await planned("default", ON);
      const request = { principal: ROLE, action, resource: arnIn(stack, resource), context };

      expect(await isAllowed(stack, request)).to.equal(expected);
    });
  }

  for (const [principal, action, service, expected] of [
    [ROLE, "kms:Decrypt", "kinesis", true],
    [ROLE, "kms:Decrypt", "dynamodb", true],
    [ROLE, "kms:GenerateDataKey", "s3", true],
    [ROLE, "kms:Decrypt", "sns", false],
    ["-tools-role", "kms:Decrypt", "kinesis", false],
    ["owner", "kms:GenerateDataKey", "kinesis", true],
    ["owner", "kms:Decrypt", "kinesis", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} ${action} with the stack's key through ${service}`, async () => {
      const stack = await planned("default", { ...ON, encryption: "kms" });
      const resource = String(stack.one(STREAM).inputs["kmsKeyId"]);
      const context = { "kms:ViaService": `${service}.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };

      expect(await isAllowed(stack, { principal, action, resource, context })).to.equal(expected);
    });
  }

  it("runs in the isolated network without an endpoint of Kinesis, which Lambda reads from outside", async () => {
    const stack = await planned("default", { ...ON, network: "isolated" });
    const services = stack.all("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => String(inputs["serviceName"]));
    const resource = arnIn(stack, "{bucket}/stream-failures/a.json");
    const request = { principal: ROLE, action: "s3:PutObject", resource, context: OWN, through: "-default-s3" };

    expect(stack.one(FUNCTION, "-stream-function").inputs["vpcConfig"]).to.deep.equal(
      stack.one(FUNCTION, "-tools-function").inputs["vpcConfig"],
    );
    expect(services.filter((service) => service.includes("kinesis"))).to.deep.equal([]);
    expect(await isAllowed(stack, request)).to.equal(true);
  });

  it("uses an existing role of the functions, and makes none", async () => {
    const functionRoleArn = `arn:aws:iam::${ACCOUNT}:role/own`;
    const stack = await planned("default", { ...ON, functionRoleArn });

    expect(stack.one(FUNCTION, "-stream-function").inputs["role"]).to.equal(functionRoleArn);
    expect(stack.all("aws:iam/role:Role").filter(({ name }) => name.endsWith(ROLE))).to.deep.equal([]);
  });

  it("has alarms that say what to do, and graphs on the dashboard", async () => {
    const { all, one } = await planned("default", ON);

    const alarms = all("aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ name }) => name.includes("-stream-"));
    const { widgets } = JSON.parse(String(one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])) as {
      widgets: { properties: { title: string } }[];
    };

    expect(
      Object.fromEntries(alarms.map(({ name, inputs }) => [name.split("-stream-")[1], inputs["metricName"]])),
    ).to.deep.equal({
      delay: "IteratorAge",
      refused: "RecordsRefused",
      failed: "RecordsFailed",
      errors: "Errors",
      lost: "DestinationDeliveryFailures",
    });
    for (const { inputs } of alarms) expect(inputs["alarmDescription"]).to.match(/^[^:]+: .+\. Runbook: docs/);
    expect(widgets.map(({ properties }) => properties.title)).to.include.members([
      "Stream: records",
      "Stream: calls",
      "Stream: delay (ms)",
    ]);
  });
});
