import { CloudWatchClient, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { BatchGetProjectsCommand, CodeBuildClient } from "@aws-sdk/client-codebuild";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListLogTagsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetBucketTaggingCommand, HeadBucketCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { DescribeEndpointCommand, ListTagsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { GetParameterCommand, ListTagsForResourceCommand, SSMClient } from "@aws-sdk/client-ssm";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { names } from "../../../../commands/preflight/checks/names.js";
import type { PlannedResource } from "../../../../local/program/runProgram.js";
import { awsError, expectFinding } from "../support/answers.js";

const OWN = { Project: "vep", Stack: "dev", ManagedBy: "Pulumi" };
const THEIRS = { ...OWN, Stack: "prod" };
const listed = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const resource = (type: string, inputs: Record<string, unknown>): PlannedResource =>
  ({ type, name: "r", urn: `urn::${type}::r`, custom: true, inputs }) as unknown as PlannedResource;

const FUNCTION = resource("aws:lambda/function:Function", { name: "vep-dev-tools" });
const ENDPOINT = resource("aws:sagemaker/endpoint:Endpoint", { name: "vep-dev-endpoint" });
const LOGS = resource("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/lambda/vep-dev-tools" });
const PARAMETER = resource("aws:ssm/parameter:Parameter", { name: "/vep-dev/bucket" });
const DASHBOARD = resource("aws:cloudwatch/dashboard:Dashboard", { dashboardName: "vep-dev" });
const PROJECT = resource("aws:codebuild/project:Project", { name: "vep-dev-image-build" });
const BUCKET = resource("aws:s3/bucket:Bucket", { bucket: "my-data" });

describe("preflight: names free", () => {
  const clients = {
    cloudwatch: new CloudWatchClient({}),
    codeBuild: new CodeBuildClient({}),
    lambda: new LambdaClient({}),
    logs: new CloudWatchLogsClient({}),
    s3: new S3Client({}),
    sagemaker: new SageMakerClient({}),
    ssm: new SSMClient({}),
  };
  const cloudwatch = mockClient(CloudWatchClient);
  const codeBuild = mockClient(clients.codeBuild);
  const lambda = mockClient(LambdaClient);
  const logs = mockClient(clients.logs);
  const s3 = mockClient(S3Client);
  const sagemaker = mockClient(SageMakerClient);
  const ssm = mockClient(SSMClient);

  const ask = (...resources: PlannedResource[]) => names(clients, resources, OWN);
  const headBucket = (httpStatusCode: number) =>
    s3
      .on(HeadBucketCommand)
      .rejects(new S3ServiceException({ name: "Unknown", $fault: "client", $metadata: { httpStatusCode } }));

  beforeEach(() => {
    for (const client of [cloudwatch, codeBuild, lambda, logs, s3, sagemaker, ssm]) client.reset();
    cloudwatch.on(GetDashboardCommand).rejects(awsError("ResourceNotFound"));
    codeBuild.on(BatchGetProjectsCommand).resolves({ projects: [], projectsNotFound: ["vep-dev-image-build"] });
    lambda.on(GetFunctionCommand).rejects(awsError("ResourceNotFoundException"));
    logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [] });
    headBucket(404);
    sagemaker.on(DescribeEndpointCommand).rejects(awsError("ValidationException", "Could not find endpoint"));
    ssm.on(GetParameterCommand).rejects(awsError("ParameterNotFound"));
  });

  it("are all free in a new account", async () => {
    const findings = await ask(FUNCTION, ENDPOINT, LOGS, PARAMETER, DASHBOARD, BUCKET, PROJECT);

    expectFinding(findings, "ok", /^7 of 7 fixed names are free\.$/);
  });

  it("are not checked where Pulumi generates them", async () => {
    const findings = await ask(
      resource("aws:s3/bucket:Bucket", {}),
      resource("aws:sns/topic:Topic", { name: "t" }),
      resource("aws:ssm/parameter:Parameter", { name: "" }),
    );

    expectFinding(findings, "ok", /^0 of 0/);
    expect([...s3.calls(), ...ssm.calls()]).to.have.lengthOf(0);
  });

  it("are the stack's own, with a dashboard, after an earlier pulumi up", async () => {
    lambda.on(GetFunctionCommand, { FunctionName: "vep-dev-tools" }).resolves({ Tags: { ...OWN, Team: "x" } });
    cloudwatch.on(GetDashboardCommand).resolves({ DashboardName: "vep-dev" });

    expectFinding(
      await ask(FUNCTION, DASHBOARD, ENDPOINT),
      "ok",
      /^1 of 3 fixed names are free, the others are this stack's/,
    );
  });

  it("are taken by a dashboard, which a pulumi up would overwrite", async () => {
    cloudwatch.on(GetDashboardCommand).resolves({ DashboardName: "vep-dev" });

    expectFinding(await ask(FUNCTION, DASHBOARD), "fault", /The dashboard 'vep-dev' exists/, /projectName OTHER/);
  });

  it("are taken by another stack's function", async () => {
    lambda.on(GetFunctionCommand).resolves({ Tags: THEIRS });

    expectFinding(
      await ask(FUNCTION),
      "fault",
      /The function 'vep-dev-tools' exists and is not this stack's/,
      /projectName/,
    );
  });

  it("are taken by another stack's build project", async () => {
    const tags = Object.entries(THEIRS).map(([key, value]) => ({ key, value }));
    codeBuild.on(BatchGetProjectsCommand).resolves({ projects: [{ name: "vep-dev-image-build", tags }] });

    expectFinding(await ask(PROJECT), "fault", /The build project 'vep-dev-image-build' exists/, /projectName/);
  });

  it("are taken by a function without tags", async () => {
    lambda.on(GetFunctionCommand).resolves({});

    expectFinding(await ask(FUNCTION), "fault", /function 'vep-dev-tools'/, /delete it/);
  });

  it("are taken by an endpoint", async () => {
    sagemaker.on(DescribeEndpointCommand).resolves({ EndpointArn: "arn:e" });
    sagemaker.on(ListTagsCommand, { ResourceArn: "arn:e" }).resolves({ Tags: listed(THEIRS) });

    expectFinding(await ask(ENDPOINT), "fault", /endpoint 'vep-dev-endpoint'/, /projectName/);
  });

  it("are taken by a log group of just that name", async () => {
    const group = (logGroupName: string) => ({ logGroupName, arn: `arn:${logGroupName}:*` });
    logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [group("/aws/lambda/vep-dev-tools-2")] });
    expectFinding(await ask(LOGS), "ok", /1 of 1/);

    logs
      .on(DescribeLogGroupsCommand, { logGroupNamePrefix: "/aws/lambda/vep-dev-tools" })
      .resolves({ logGroups: [group("/aws/lambda/vep-dev-tools-2"), group("/aws/lambda/vep-dev-tools")] });
    logs.on(ListLogTagsCommand, { resourceArn: "arn:/aws/lambda/vep-dev-tools" }).resolves({ tags: THEIRS });
    expectFinding(await ask(LOGS), "fault", /log group '\/aws\/lambda\/vep-dev-tools'/, /projectName/);
  });

  it("are taken by an SSM parameter", async () => {
    ssm.on(GetParameterCommand, { Name: "/vep-dev/bucket" }).resolves({ Parameter: { Value: "x" } });
    ssm.on(ListTagsForResourceCommand).resolves({ TagList: listed(THEIRS) });

    expectFinding(await ask(PARAMETER), "fault", /SSM parameter '\/vep-dev\/bucket'/, /projectName/);
  });

  it("are taken by a bucket of the account", async () => {
    s3.on(HeadBucketCommand).resolves({});
    s3.on(GetBucketTaggingCommand).rejects(awsError("NoSuchTagSet"));

    expectFinding(await ask(BUCKET), "fault", /bucket 'my-data'/, /delete it/);
  });

  it("are the stack's own for a bucket that was retained", async () => {
    s3.on(HeadBucketCommand).resolves({});
    s3.on(GetBucketTaggingCommand, { Bucket: "my-data" }).resolves({ TagSet: listed(OWN) });

    expectFinding(await ask(BUCKET), "ok", /0 of 1 fixed names are free, the others are this stack's/);
  });

  for (const status of [403, 301]) {
    it(`are taken by a bucket of another account (${status})`, async () => {
      headBucket(status);

      expectFinding(await ask(BUCKET), "fault", /bucket 'my-data' exists/, /delete it/);
      expect(s3.commandCalls(GetBucketTaggingCommand)).to.have.lengthOf(0);
    });
  }

  it("are not reported as free where AWS does not answer", async () => {
    lambda.on(GetFunctionCommand).rejects(awsError("AccessDeniedException"));
    const error = await ask(FUNCTION).catch((reason: unknown) => reason);

    expect(error).to.be.instanceOf(Error).with.property("name", "AccessDeniedException");
  });
});
