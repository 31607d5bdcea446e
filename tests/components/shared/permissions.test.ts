import { expect } from "chai";
import { isAllowed, isAssumable } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, statements, type PlannedStack } from "../../support/plannedStack.js";

// Resources of the stack, by words that `resolved` puts its ARNs for.
const bucket = "{bucket}";
const endpoint = "{endpoint}";
const table = "{table}";
const repository = "{repository}";
const toolsLogs = "{toolsLogs}";
const endpointLogs = "{endpointLogs}";
const accessLogs = "{accessLogs}";
const topic = "{topic}";
const success = "{success}";
const queue = "{queue}";
const deadLetters = "{deadLetters}";
const recorderLogs = "{recorderLogs}";
const rollbackAlarm = "{rollbackAlarm}";

/** A text with the ARNs of a planned stack in it. */
function resolved(text: string, { one, outputs }: PlannedStack): string {
  const logs = (name: string): string =>
    `log-group:${String(one("aws:cloudwatch/logGroup:LogGroup", name).inputs["name"])}`;
  const arns: Readonly<Record<string, string>> = {
    [bucket]: String(outputs["s3BucketArn"]),
    [endpoint]: String(outputs["endpointArn"]),
    [table]: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(outputs["jobTableName"])}`,
    [repository]: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${/\/([^@]+)@/.exec(String(outputs["imageUri"]))?.[1] ?? ""}`,
    [toolsLogs]: `arn:aws:logs:${REGION}:${ACCOUNT}:${logs("-tools-logs")}`,
    [endpointLogs]: `arn:aws:logs:${REGION}:${ACCOUNT}:${logs("-endpoint-logs")}`,
    [accessLogs]: `arn:aws:s3:::${String(one("aws:s3/bucketLogging:BucketLogging").inputs["targetBucket"])}`,
    [rollbackAlarm]: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${String(one("aws:cloudwatch/metricAlarm:MetricAlarm", "-bad-image").inputs["name"])}`,
    [topic]: String(one("aws:sns/topicPolicy:TopicPolicy", "-alarms-policy").inputs["arn"]),
    [success]: String((outputs["notificationTopicArns"] as string[])[0]),
    [queue]: String(one("aws:lambda/eventSourceMapping:EventSourceMapping").inputs["eventSourceArn"]),
    [deadLetters]: deadLettersOf(one("aws:sqs/queue:Queue", "-notifications").inputs["redrivePolicy"]),
    [recorderLogs]: `arn:aws:logs:${REGION}:${ACCOUNT}:${logs("-recorder-logs")}`,
  };
  return text.replace(/\{\w+\}/, (word) => arns[word] ?? word);
}

function deadLettersOf(redrivePolicy: unknown): string {
  return (JSON.parse(String(redrivePolicy)) as { deadLetterTargetArn: string }).deadLetterTargetArn;
}

const TOOLS = "-tools-role";
const RECORDER = "-recorder-role";
const SWEEPER = "-sweeper-role";
const ENDPOINT = "-endpoint-role";

type Row = readonly [principal: string, action: string, resource: string, context?: Readonly<Record<string, string>>];

/** What CloudWatch says of an alarm that it publishes for. */
function alarmOf(account: string, name = "protein-agent-default-any"): Readonly<Record<string, string>> {
  return { "aws:SourceAccount": account, "aws:SourceArn": `arn:aws:cloudwatch:${REGION}:${account}:alarm:${name}` };
}

/** What S3 says of a bucket whose access it logs. */
function logsOf(bucketArn: string): Readonly<Record<string, string>> {
  return { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": bucketArn };
}

const GRANTS: readonly Row[] = [
  [TOOLS, "s3:PutObject", `${bucket}/async-inference-input/a.json`],
  [TOOLS, "s3:GetObject", `${bucket}/async-inference-input/a.json`],
  [TOOLS, "s3:GetObject", `${bucket}/async-inference-output/a.out`],
  [TOOLS, "s3:GetObject", `${bucket}/async-inference-failures/a-error.out`],
  [TOOLS, "s3:ListBucket", bucket, { "s3:prefix": "async-inference-output/a.out" }],
  [TOOLS, "sagemaker:InvokeEndpointAsync", endpoint],
  [TOOLS, "sagemaker:DescribeEndpoint", endpoint],
  [TOOLS, "dynamodb:GetItem", table],
  [TOOLS, "dynamodb:PutItem", table],
  [TOOLS, "dynamodb:UpdateItem", table],
  [TOOLS, "dynamodb:Query", `${table}/index/by-state`],
  [TOOLS, "dynamodb:Query", `${table}/index/by-model`],
  [TOOLS, "xray:PutTraceSegments", "*"],
  [TOOLS, "logs:CreateLogStream", `${toolsLogs}:log-stream:one`],
  [TOOLS, "logs:PutLogEvents", `${toolsLogs}:log-stream:one`],
  [ENDPOINT, "s3:GetObject", `${bucket}/async-inference-input/a.json`],
  [ENDPOINT, "s3:PutObject", `${bucket}/async-inference-output/a.out`],
  [ENDPOINT, "s3:PutObject", `${bucket}/async-inference-failures/a-error.out`],
  [ENDPOINT, "s3:AbortMultipartUpload", `${bucket}/async-inference-output/a.out`],
  [ENDPOINT, "ecr:BatchGetImage", repository],
  [ENDPOINT, "ecr:GetAuthorizationToken", "*"],
  [ENDPOINT, "logs:PutLogEvents", `${endpointLogs}:log-stream:one`],
  [ENDPOINT, "cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "/aws/sagemaker/Endpoints" }],
  [ENDPOINT, "cloudwatch:DescribeAlarms", rollbackAlarm],
  [ENDPOINT, "sns:Publish", success],
  [RECORDER, "sqs:ReceiveMessage", queue],
  [RECORDER, "sqs:DeleteMessage", queue],
  [RECORDER, "sqs:GetQueueAttributes", queue],
  [RECORDER, "s3:GetObject", `${bucket}/async-inference-failures/a-error.out`],
  [RECORDER, "s3:ListBucket", bucket, { "s3:prefix": "async-inference-failures/a-error.out" }],
  [RECORDER, "dynamodb:GetItem", table],
  [RECORDER, "dynamodb:PutItem", table],
  [RECORDER, "dynamodb:UpdateItem", table],
  [RECORDER, "logs:PutLogEvents", `${recorderLogs}:log-stream:one`],
  [SWEEPER, "sagemaker:InvokeEndpointAsync", endpoint],
  [SWEEPER, "sagemaker:DescribeEndpoint", endpoint],
  [SWEEPER, "dynamodb:Query", `${table}/index/by-state`],
  [SWEEPER, "dynamodb:UpdateItem", table],
  [SWEEPER, "s3:ListBucket", bucket, { "s3:prefix": "async-inference-output/a.out" }],
  [SWEEPER, "s3:GetObject", `${bucket}/async-inference-failures/a-error.out`],
  ["sns.amazonaws.com", "sqs:SendMessage", queue, { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": success }],
  ["owner", "s3:GetObject", `${bucket}/async-inference-output/a.out`],
  ["cloudwatch.amazonaws.com", "sns:Publish", topic, alarmOf(ACCOUNT)],
  ["logging.s3.amazonaws.com", "s3:PutObject", `${accessLogs}/data/a`, logsOf(bucket)],
];

const DENIALS: readonly Row[] = [
  ["cloudwatch.amazonaws.com", "sns:Publish", topic, alarmOf("999999999999")],
  ["cloudwatch.amazonaws.com", "sns:Publish", topic, alarmOf(ACCOUNT, "another-alarm")],
  ["events.amazonaws.com", "sns:Publish", topic, alarmOf(ACCOUNT)],
  [ENDPOINT, "sns:Publish", topic],
  ["logging.s3.amazonaws.com", "s3:PutObject", `${accessLogs}/data/a`, logsOf("arn:aws:s3:::another-bucket")],
  ["logging.s3.amazonaws.com", "s3:PutObject", `${bucket}/async-inference-input/a.json`, logsOf(bucket)],
  ["logging.s3.amazonaws.com", "s3:GetObject", `${accessLogs}/data/a`, logsOf(bucket)],
  [TOOLS, "s3:GetObject", `${bucket}/uploads/proteins.fasta`],
  [TOOLS, "s3:PutObject", `${bucket}/async-inference-output/a.out`],
  [TOOLS, "s3:PutObject", `${bucket}/uploads/proteins.fasta`],
  [TOOLS, "s3:DeleteObject", `${bucket}/async-inference-input/a.json`],
  [TOOLS, "s3:DeleteObject", `${bucket}/async-inference-output/a.out`],
  [TOOLS, "s3:ListBucket", bucket],
  [TOOLS, "s3:ListBucket", bucket, { "s3:prefix": "uploads/" }],
  [TOOLS, "s3:GetObject", "arn:aws:s3:::another-bucket/async-inference-output/a.out"],
  [TOOLS, "s3:PutBucketPolicy", bucket],
  [TOOLS, "sagemaker:InvokeEndpointAsync", `${endpoint}-2`],
  [TOOLS, "sagemaker:InvokeEndpoint", endpoint],
  [TOOLS, "sagemaker:UpdateEndpoint", endpoint],
  [TOOLS, "sagemaker:DeleteEndpoint", endpoint],
  [TOOLS, "dynamodb:DeleteItem", table],
  [TOOLS, "dynamodb:Scan", table],
  [TOOLS, "dynamodb:GetItem", `${table}-2`],
  [TOOLS, "dynamodb:DeleteTable", table],
  [TOOLS, "logs:CreateLogGroup", toolsLogs],
  [TOOLS, "logs:PutLogEvents", `${endpointLogs}:log-stream:one`],
  [TOOLS, "ecr:BatchGetImage", repository],
  [TOOLS, "iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/any`],
  [ENDPOINT, "s3:GetObject", `${bucket}/uploads/proteins.fasta`],
  [ENDPOINT, "s3:GetObject", `${bucket}/async-inference-output/a.out`],
  [ENDPOINT, "s3:PutObject", `${bucket}/async-inference-input/a.json`],
  [ENDPOINT, "s3:DeleteObject", `${bucket}/async-inference-output/a.out`],
  [ENDPOINT, "s3:ListBucket", bucket],
  [ENDPOINT, "dynamodb:GetItem", table],
  [ENDPOINT, "s3:GetObject", `${accessLogs}/data/a`],
  [TOOLS, "s3:GetObject", `${accessLogs}/data/a`],
  [ENDPOINT, "ecr:BatchGetImage", `${repository}-2`],
  [ENDPOINT, "ecr:PutImage", repository],
  [ENDPOINT, "logs:CreateLogGroup", endpointLogs],
  [ENDPOINT, "logs:PutLogEvents", `${toolsLogs}:log-stream:one`],
  [ENDPOINT, "cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "AmplifyVep" }],
  [ENDPOINT, "cloudwatch:DescribeAlarms", `${rollbackAlarm}-2`],
  [ENDPOINT, "cloudwatch:PutMetricAlarm", rollbackAlarm],
  [ENDPOINT, "cloudwatch:DeleteAlarms", rollbackAlarm],
  [TOOLS, "cloudwatch:DescribeAlarms", rollbackAlarm],
  [ENDPOINT, "sns:Publish", `arn:aws:sns:${REGION}:${ACCOUNT}:any`],
  [ENDPOINT, "sqs:SendMessage", queue],
  [TOOLS, "sqs:ReceiveMessage", queue],
  [RECORDER, "sns:Publish", success],
  [RECORDER, "sqs:ReceiveMessage", deadLetters],
  [RECORDER, "sqs:SendMessage", queue],
  [RECORDER, "sqs:PurgeQueue", queue],
  [RECORDER, "s3:GetObject", `${bucket}/async-inference-input/a.json`],
  [RECORDER, "s3:GetObject", `${bucket}/async-inference-output/a.out`],
  [RECORDER, "s3:ListBucket", bucket, { "s3:prefix": "async-inference-output/a.out" }],
  [RECORDER, "sagemaker:InvokeEndpointAsync", endpoint],
  [RECORDER, "dynamodb:Query", `${table}/index/by-state`],
  [RECORDER, "dynamodb:DeleteItem", table],
  [RECORDER, "states:SendTaskSuccess", "*"],
  [RECORDER, "logs:PutLogEvents", `${toolsLogs}:log-stream:one`],
  [SWEEPER, "s3:GetObject", `${bucket}/async-inference-output/a.out`],
  [SWEEPER, "s3:PutObject", `${bucket}/async-inference-input/a.json`],
  [SWEEPER, "s3:ListBucket", bucket],
  [SWEEPER, "sqs:ReceiveMessage", queue],
  [SWEEPER, "dynamodb:Scan", table],
  [SWEEPER, "sagemaker:UpdateEndpoint", endpoint],
  ["sns.amazonaws.com", "sqs:SendMessage", queue, { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": topic }],
  ["sns.amazonaws.com", "sqs:SendMessage", deadLetters, { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": success }],
  ["events.amazonaws.com", "sqs:SendMessage", queue, { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": success }],
  ["owner", "s3:GetObject", `${bucket}/async-inference-output/a.out`, { "aws:SecureTransport": "false" }],
  ["owner", "s3:GetObject", `${bucket}/async-inference-output/a.out`, { "s3:TlsVersion": "1.1" }],
  [TOOLS, "s3:GetObject", `${bucket}/async-inference-output/a.out`, { "aws:SecureTransport": "false" }],
];

async function answer([principal, action, resource, context]: Row): Promise<boolean> {
  const stack = await planned();
  return isAllowed(stack, {
    principal,
    action,
    resource: resolved(resource, stack),
    context: Object.fromEntries(Object.entries(context ?? {}).map(([key, value]) => [key, resolved(value, stack)])),
  });
}

describe("Permissions of the stack", () => {
  for (const row of GRANTS) {
    it(`allow ${row[0]} ${row[1]} on ${row[2]}`, async () => {
      expect(await answer(row)).to.equal(true);
    });
  }

  for (const row of DENIALS) {
    it(`deny ${row[0]} ${row[1]} on ${row[2]} ${JSON.stringify(row[3] ?? {})}`, async () => {
      expect(await answer(row)).to.equal(false);
    });
  }

  it("let the endpoint pull a mirrored image from the repository of the stack, and from no other", async () => {
    const stack = await planned("default", { imageUri: "ghcr.io/owner/model:v1" });
    const arn = resolved(repository, stack);
    const pull = { principal: ENDPOINT, action: "ecr:BatchGetImage" };

    expect(arn).to.match(/:repository\/protein-agent-default-image-repository-[0-9a-f]{7}$/);
    expect(await isAllowed(stack, { ...pull, resource: arn })).to.equal(true);
    expect(await isAllowed(stack, { ...pull, resource: `${arn}-2` })).to.equal(false);
  });

  it("are denied at least as often as granted here", () => {
    expect(DENIALS.length).to.be.at.least(GRANTS.length);
  });
});

describe("Roles of the stack", () => {
  const toolsArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:protein-agent-default-async-endpoint-lambda`;
  const recorderArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:protein-agent-default-recorder`;
  const endpointArn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/protein-agent-default-endpoint`;

  for (const [role, service, sourceAccount, sourceArn, expected] of [
    [TOOLS, "lambda.amazonaws.com", ACCOUNT, toolsArn, true],
    [TOOLS, "lambda.amazonaws.com", ACCOUNT, `${toolsArn}-2`, false],
    [TOOLS, "lambda.amazonaws.com", "999999999999", toolsArn, false],
    [TOOLS, "sagemaker.amazonaws.com", ACCOUNT, endpointArn, false],
    [RECORDER, "lambda.amazonaws.com", ACCOUNT, recorderArn, true],
    [RECORDER, "lambda.amazonaws.com", ACCOUNT, toolsArn, false],
    [SWEEPER, "lambda.amazonaws.com", ACCOUNT, recorderArn, false],
    [SWEEPER, "events.amazonaws.com", ACCOUNT, recorderArn, false],
    [ENDPOINT, "sagemaker.amazonaws.com", ACCOUNT, endpointArn, true],
    [ENDPOINT, "sagemaker.amazonaws.com", "999999999999", endpointArn.replace(ACCOUNT, "999999999999"), false],
    [ENDPOINT, "lambda.amazonaws.com", ACCOUNT, toolsArn, false],
  ] as const) {
    it(`${expected ? "let" : "do not let"} ${service} of ${sourceAccount} assume ${role} for ${sourceArn}`, async () => {
      expect(await isAssumable(await planned(), { role, service, sourceAccount, sourceArn })).to.equal(expected);
    });
  }

  it("have a permissions boundary and a path if they are configured, and none otherwise", async () => {
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
    const bounded = await planned("default", { iamPermissionsBoundary: boundary, iamPath: "/science/" });

    const rules = (roles: PlannedStack) =>
      roles.all("aws:iam/role:Role").map(({ inputs }) => [inputs["permissionsBoundary"], inputs["path"]]);

    expect(rules(bounded)).to.deep.equal(Array(4).fill([boundary, "/science/"]));
    expect(rules(await planned())).to.deep.equal(Array(4).fill([undefined, "/"]));
  });

  it("hold no managed policy and name every action", async () => {
    const stack = await planned();

    const policies = stack.all("aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs }) => statements(inputs["policy"]));

    expect(policies.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).to.deep.equal([]);
    expect(policies.filter(({ Resource }) => [Resource].flat().includes("*")).map(({ Sid }) => Sid)).to.have.members([
      "LogInToRegistry",
      "ReportHostMetrics",
      "Trace",
      "Trace",
      "Trace",
    ]);
    expect(stack.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")).to.deep.equal([]);
  });
});
