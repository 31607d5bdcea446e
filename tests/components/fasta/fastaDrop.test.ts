import { expect } from "chai";
import { bundledFiles } from "../../../components/shared/bundledFiles.js";
import { FASTA_SUFFIXES } from "../../../contract/fastaDrop.js";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, statements, type PlannedStack } from "../../support/plannedStack.js";

const ON = { fastaDrop: "true" };
const FUNCTION = "aws:lambda/function:Function";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const QUEUE = "aws:sqs/queue:Queue";
const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const DROP = "-fasta-role";
const TOOLS = "-tools-role";

/** Fills in the ARNs of a stack. */
function arnIn({ outputs, one }: PlannedStack, resource: string): string {
  return resource
    .replace("{bucket}", String(outputs["s3BucketArn"]))
    .replace("{table}", `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(outputs["jobTableName"])}`)
    .replace("{endpoint}", String(outputs["endpointArn"]))
    .replace("{queue}", String(one(MAPPING, "-fasta-queue").inputs["eventSourceArn"]));
}

describe("FastaDrop", () => {
  it("is not there by default: no resource, and no variable of the tools' function", async () => {
    const { resources, one } = await planned();

    expect(resources.filter(({ name }) => name.includes("fasta"))).to.deep.equal([]);
    expect(JSON.stringify(one(FUNCTION, "-tools-function").inputs["environment"])).to.not.include("FASTA_QUEUE_URL");
  });

  it("notifies one queue of uploads with the watched names, once for each name", async () => {
    const { one, all } = await planned("default", ON);

    const { bucket, queues } = one(NOTIFICATION).inputs as { bucket: string; queues: Record<string, unknown>[] };

    expect(all(NOTIFICATION)).to.have.length(1);
    expect(bucket).to.equal(one("aws:s3/bucket:Bucket", "-data").inputs["bucket"] ?? bucket);
    expect(queues.map(({ filterSuffix }) => filterSuffix)).to.deep.equal([...FASTA_SUFFIXES]);
    expect(queues.every(({ filterPrefix }) => filterPrefix === "uploads/")).to.equal(true);
    // S3 refuses filters of which one name can match two.
    for (const suffix of FASTA_SUFFIXES) {
      expect(FASTA_SUFFIXES.filter((other) => suffix.endsWith(other))).to.deep.equal([suffix]);
    }
  });

  it("reads one task at a time, and keeps those that fail five times", async () => {
    const { one } = await planned("default", ON);

    expect(one(MAPPING, "-fasta-queue").inputs).to.deep.include({
      batchSize: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: 2 },
    });
    expect(one(QUEUE, "-fasta-tasks").inputs).to.include({
      visibilityTimeoutSeconds: 1800,
      sqsManagedSseEnabled: true,
    });
    const redrive = JSON.parse(String(one(QUEUE, "-fasta-tasks").inputs["redrivePolicy"])) as object;
    expect(redrive).to.include({ maxReceiveCount: 5 });
  });

  it("lets S3 send for the bucket of the stack only", async () => {
    const stack = await planned("default", ON);

    const policy: unknown = JSON.parse(
      String(stack.one("aws:sqs/queuePolicy:QueuePolicy", "-fasta-tasks-policy").inputs["policy"]),
    );

    expect(statements(policy)[0]).to.deep.include({
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Condition: {
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnEquals: { "aws:SourceArn": [stack.outputs["s3BucketArn"]] },
      },
    });
  });

  it("bundles the function under 2 MB, and waits for its timeout before it gives a submission up", async () => {
    const files = await bundledFiles("lambda/fasta/index.ts");
    const { one } = await planned("default", ON);

    expect(files.get("index.js")?.length).to.be.within(10_000, 2_000_000);
    const { variables } = one(FUNCTION, "-fasta-function").inputs["environment"] as {
      variables: Record<string, string>;
    };
    expect(variables).to.include({ SUBMISSION_TIMEOUT_SECONDS: "300", FUNCTION_TIMEOUT_SECONDS: "300" });
    expect(variables["FASTA_QUEUE_URL"]).to.be.a("string");
  });

  for (const [principal, action, resource, expected] of [
    [DROP, "s3:GetObject", "{bucket}/uploads/a.fasta", true],
    [DROP, "s3:GetObject", "{bucket}/async-inference-output/a.out", true],
    [DROP, "s3:GetObject", "{bucket}/results/a.parquet", false],
    [DROP, "s3:PutObject", "{bucket}/uploads/a.fasta", false],
    [DROP, "s3:PutObject", "{bucket}/uploads/a.fa.gz", false],
    [DROP, "s3:PutObject", "{bucket}/uploads/a.fasta.manifest.jsonl", true],
    [DROP, "s3:PutObject", "{bucket}/uploads/a.fasta.summary.json", true],
    [DROP, "s3:PutObject", "{bucket}/uploads/a.fasta.top-variants.csv", true],
    [DROP, "s3:PutObject", "{bucket}/fasta-drops/1/drop.json", true],
    [DROP, "s3:PutObject", "{bucket}/async-inference-output/a.out", false],
    [DROP, "s3:DeleteObject", "{bucket}/uploads/a.fasta", false],
    [DROP, "dynamodb:PutItem", "{table}", true],
    [DROP, "dynamodb:DeleteItem", "{table}", false],
    [DROP, "sagemaker:InvokeEndpointAsync", "{endpoint}", true],
    [DROP, "sqs:SendMessage", "{queue}", true],
    [TOOLS, "sqs:SendMessage", "{queue}", true],
    [TOOLS, "sqs:ReceiveMessage", "{queue}", false],
    [TOOLS, "s3:PutObject", "{bucket}/uploads/submitted/1.fasta", true],
    [TOOLS, "s3:PutObject", "{bucket}/uploads/a.fasta", false],
    ["-sweeper-role", "sqs:SendMessage", "{queue}", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} ${action} on ${resource}`, async () => {
      const stack = await planned("default", ON);

      expect(await isAllowed(stack, { principal, action, resource: arnIn(stack, resource) })).to.equal(expected);
    });
  }

  it("does not let the tools write to uploads where it is off", async () => {
    const stack = await planned();
    const resource = `${String(stack.outputs["s3BucketArn"])}/uploads/submitted/1.fasta`;

    expect(await isAllowed(stack, { principal: TOOLS, action: "s3:PutObject", resource })).to.equal(false);
  });

  for (const [service, principal, expected] of [
    ["sqs", DROP, true],
    ["dynamodb", DROP, true],
    ["sns", DROP, false],
    ["sqs", TOOLS, true],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} decrypt with the stack's key through ${service}`, async () => {
      const stack = await planned("default", { ...ON, encryption: "kms" });
      const resource = String(stack.one(QUEUE, "-fasta-tasks").inputs["kmsMasterKeyId"]);
      const context = { "kms:ViaService": `${service}.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };

      expect(await isAllowed(stack, { principal, action: "kms:Decrypt", resource, context })).to.equal(expected);
    });
  }

  it("lets S3 use the stack's key for its notifications, only where uploads are watched", async () => {
    const sids = async (settings: Record<string, string>): Promise<(string | undefined)[]> => {
      const { one } = await planned("default", { ...settings, encryption: "kms" });
      return statements(JSON.parse(String(one("aws:kms/key:Key").inputs["policy"]))).map(({ Sid }) => Sid);
    };

    expect(await sids(ON)).to.include("DeliverUploads");
    expect(await sids({})).to.not.include("DeliverUploads");
  });

  it("runs in the isolated network, with an endpoint through which it can only send to its queue", async () => {
    const stack = await planned("default", { ...ON, network: "isolated" });
    const through = "-default-sqs";
    const request = { principal: DROP, action: "sqs:SendMessage", through };

    expect(stack.one(FUNCTION, "-fasta-function").inputs["vpcConfig"]).to.deep.equal(
      stack.one(FUNCTION, "-tools-function").inputs["vpcConfig"],
    );
    expect(await isAllowed(stack, { ...request, resource: arnIn(stack, "{queue}") })).to.equal(true);
  });

  it("has an alarm that says what to do, and graphs on the dashboard", async () => {
    const { one } = await planned("default", ON);

    const alarm = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-fasta-dead-letters").inputs;
    expect(alarm["alarmDescription"]).to.include("redrive protein-agent-default-fasta-dead-letters");
    expect(String(one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])).to.include("FASTA uploads");
  });
});
