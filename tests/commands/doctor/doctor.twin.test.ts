import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { DeleteRoleCommand } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { ListQueuesCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { doctorClients, type DoctorClients } from "../../../commands/doctor/clients.js";
import type { StackFindings } from "../../../commands/preflight/finding.js";
import { DIAGNOSIS, hasNoFault, reportJson, reportText } from "../../../commands/preflight/report.js";
import { brakeFunctionOf, callBrake } from "../../../commands/vep/brake.js";
import { LONGEST_JOB_SECONDS } from "../../../contract/limits.js";
import type { Twin } from "../../../local/twin/start.js";
import { ToolCalls } from "../../local/twin/support/toolCalls.js";
import { awsError, expectAmong } from "../preflight/support/answers.js";
import { BROKEN, DoctorTwin, levelsOf, V2 } from "./support/doctorTwin.js";

const PROTEIN = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRG";

describe("the doctor against the twin", () => {
  let world: DoctorTwin;
  let twin: Twin;
  let clients: DoctorClients;

  before(async () => {
    world = await DoctorTwin.start();
    ({ twin, clients } = world);
  });

  after(() => twin.stop());

  const diagnose = (...args: Parameters<DoctorTwin["diagnose"]>): Promise<StackFindings> => world.diagnose(...args);

  it("finds nothing wrong with a stack that works, and leaves open what the twin does not emulate", async () => {
    const found = await diagnose();

    expect(levelsOf(found)).to.deep.equal({
      configuration: "ok",
      identity: "ok",
      deployment: "ok",
      endpoint: "ok",
      scaling: "ok",
      "endpoint of v2": "ok",
      "scaling of v2": "ok",
      "brake of the budget": "ok",
      functions: "ok",
      roles: "ok",
      bucket: "ok",
      jobs: "ok",
      "dead letters": "ok",
      alarms: "ok",
      "log lines": "ok",
      "endpoint quota": "unknown",
      "Lambda concurrency": "unknown",
    });
    expect(hasNoFault(found)).to.equal(true);
    expect(reportText(found, DIAGNOSIS)).to.match(/No fault: 0 faults, 0 warnings, 2 not checked\.$/);
    expect(JSON.parse(reportJson(found))).to.include({ stack: "default", account: "123456789012", ok: true });
  });

  it("names every fault of the configuration, as the preflight does", async () => {
    const { findings } = await diagnose({ instanceType: "ml.m5.xlarge" });

    expectAmong(findings, "fault", /^instanceType is 'ml\.m5\.xlarge'/, /^pulumi config set instanceType /);
  });

  it("finds that the stack is not deployed, and leaves the rest", async () => {
    const found = await diagnose({ projectName: "other-agent" });

    expectAmong(
      found.findings,
      "fault",
      /^There is no stack 'other-agent-default' in this account in us-east-1, or its pulumi up did not end/,
      /^pulumi up --stack default, if it was never deployed .*AWS_PROFILE.*aws:region REGION --stack default/,
    );
    expect(Object.keys(levelsOf(found))).to.not.include("endpoint");
    expect(hasNoFault(found)).to.equal(false);
  });

  it("finds that AWS cannot be reached, and calls nothing else", async () => {
    const { sts } = doctorClients({ ...twin.clientConfig, endpoint: "http://127.0.0.1:9" });
    const found = await diagnose({}, { sts });

    expectAmong(found.findings, "fault", /^AWS cannot be reached in us-east-1\. .*ECONNREFUSED/, /^curl -sSI https:/);
    expect(Object.keys(levelsOf(found))).to.deep.equal(["configuration", "identity"]);
  });

  it("finds a role that is gone", async () => {
    const [RoleName = ""] = (await world.roleNames()).filter((name) => name.includes("-recorder-"));
    await clients.iam.send(new DeleteRoleCommand({ RoleName }));
    const { findings } = await diagnose();
    await world.makeRole(RoleName);

    expectAmong(
      findings,
      "fault",
      /^There is no role arn:aws:iam::.*-recorder-/,
      /^pulumi up --refresh --stack default$/,
    );
  });

  it("finds a version whose endpoint is gone, and one that was never deployed", async () => {
    const { findings } = await diagnose({ models: JSON.stringify([V2, { ...V2, name: "v3" }]) });

    expectAmong(
      findings,
      "fault",
      /^There is no endpoint protein-agent-default-model-v3-endpoint: every job fails/,
      /^pulumi up --refresh --stack default$/,
    );
  });

  for (const [status, reason, fix] of BROKEN) {
    it(`finds an endpoint that is ${status} because of: ${reason}`, async () => {
      const [endpoint] = twin.endpoints;
      if (endpoint) endpoint.broken = { status, reason };
      const { findings } = await diagnose();
      if (endpoint) endpoint.broken = undefined;

      expectAmong(
        findings,
        "fault",
        new RegExp(`^The endpoint is ${status}, and takes no jobs\\. SageMaker says: `),
        fix,
      );
    });
  }

  it("finds an endpoint that is being updated, and one of another type than configured", async () => {
    const [endpoint] = twin.endpoints;
    if (endpoint) endpoint.broken = { status: "Updating", reason: "" };
    const updating = await diagnose();
    if (endpoint) endpoint.broken = undefined;
    const other = await diagnose({ instanceType: "ml.g5.2xlarge" });

    expectAmong(updating.findings, "warning", /^The endpoint is Updating/, /^aws sagemaker wait endpoint-in-service/);
    expectAmong(
      other.findings,
      "warning",
      /^It runs on ml\.g6\.2xlarge, and ml\.g5\.2xlarge is configured/,
      /^pulumi up/,
    );
  });

  it("finds the broken endpoint of a model version, and says of which", async () => {
    const [, second] = twin.endpoints;
    if (second) second.broken = { status: "Failed", reason: "CapacityError: no capacity" };
    const { findings } = await diagnose();
    if (second) second.broken = undefined;
    const other = await diagnose({ models: JSON.stringify([{ ...V2, instanceType: "ml.g5.xlarge", maxCapacity: 3 }]) });

    expect(findings.filter(({ level }) => level === "fault").map(({ check }) => check)).to.deep.equal([
      "endpoint of v2",
    ]);
    const warned = other.findings.filter(({ level }) => level === "warning");
    expect(warned.map(({ check }) => check)).to.deep.equal(["endpoint of v2", "scaling of v2"]);
    expectAmong(
      other.findings,
      "warning",
      /^Its limits are 0 to 2 instances, and 0 to 3 are configured/,
      /brake release/,
    );
  });

  it("takes the limits of working hours for those of the configuration", async () => {
    const { findings } = await diagnose({ minCapacity: "0", workHours: "Mon-Fri 8-18", workHoursCapacity: "1" });

    expect(findings.find(({ check }) => check === "scaling")).to.include({ level: "ok" });
  });

  it("finds suspended scaling, and limits that are not those of the configuration", async () => {
    const target = {
      ServiceNamespace: "sagemaker",
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      ResourceId: `endpoint/${String(twin.outputs["endpointName"])}/variant/AllTraffic`,
    } as const;
    const suspended = { MaxCapacity: 5, SuspendedState: { DynamicScalingOutSuspended: true } };
    await clients.scaling.send(new RegisterScalableTargetCommand({ ...target, ...suspended }));
    const { findings } = await diagnose();
    await callBrake(new LambdaClient(twin.clientConfig), brake(), "apply");

    expectAmong(findings, "fault", /^Scaling is suspended/, /register-scalable-target .*--suspended-state/);
    expectAmong(
      findings,
      "warning",
      /^Its limits are 1 to 5 instances, and 1 to 2 are configured/,
      // With a budget, an `up` leaves the limits alone.
      /^npx vep brake release/,
    );
    expect(levelsOf(await diagnose())).to.include({ scaling: "ok" });
  });

  const brake = (): string => brakeFunctionOf(String(twin.outputs["lambdaFunctionName"]));

  it("finds that the brake is on", async () => {
    const lambda = new LambdaClient(twin.clientConfig);
    await callBrake(lambda, brake(), "pull");
    const { findings } = await diagnose();
    await callBrake(lambda, brake(), "release");

    expectAmong(
      findings,
      "fault",
      /^The brake is on since .*pulled by hand.*: no new job is taken/,
      /^npx vep brake release --stack default/,
    );
    expect(findings.find(({ check }) => check === "scaling")).to.include({ level: "ok" });
  });

  it("finds dead letters, and how to redrive them", async () => {
    const sqs = new SQSClient(twin.clientConfig);
    const QueueNamePrefix = `${String(twin.outputs["resourcePrefix"])}-dead-letters`;
    const { QueueUrls: [url] = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix }));
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "{}" }));
    const { findings } = await diagnose();
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));

    expectAmong(
      findings,
      "warning",
      /^1 message\(s\) are in .*-dead-letters/,
      /^aws sqs start-message-move-task .*: docs\/runbook\.md#dead-letters$/,
    );
  });

  it("finds alarms that are on, with what they say and their section of the runbook", async () => {
    const cloudwatch = new CloudWatchClient(twin.clientConfig);
    const { MetricAlarms: all = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
    const AlarmName = all
      .map(({ AlarmName: name = "" }) => name)
      .find((name) => name.includes("-model-v2-oldest-request-"));
    const set = (StateValue: "ALARM" | "OK") =>
      cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: "a test" }));
    await set("ALARM");
    const { findings } = await diagnose();
    await set("OK");

    expectAmong(
      findings,
      "fault",
      /^Model version v2: A request has been in the queue for more than 3600 s/,
      /^aws cloudwatch describe-alarms --alarm-names \S+-model-v2-oldest-request-\S+ .*: docs\/runbook\.md#oldest-request$/,
    );
  });

  it("finds lines of errors, and says whose right is missing", async () => {
    const logs = new CloudWatchLogsClient(twin.clientConfig);
    const place = {
      logGroupName: `/aws/lambda/${String(twin.outputs["lambdaFunctionName"])}`,
      logStreamName: "broken",
    };
    const line =
      '{"level":"ERROR","message":"AccessDeniedException: the role is not authorized to perform dynamodb:Query"}';
    await logs.send(new CreateLogStreamCommand(place));
    await logs.send(new PutLogEventsCommand({ ...place, logEvents: [{ timestamp: Date.now(), message: line }] }));
    const { findings } = await diagnose();

    expectAmong(findings, "warning", /line\(s\) of errors in \/aws\/lambda\/.*dynamodb:Query/, /#access-denied$/);
  });

  it("finds a function that is not there", async () => {
    const { findings } = await diagnose({ stream: "true" });

    expectAmong(findings, "fault", /^There is no function protein-agent-default-stream/, /^pulumi up/);
  });

  it("finds failed jobs by the code of their reason, and jobs past their deadline", async () => {
    const tools = new ToolCalls(twin);
    const { output_id: id } = await tools.submit({ sequence: PROTEIN });
    await tools.ended(id);
    const old = new Date(Date.now() - (LONGEST_JOB_SECONDS + 700) * 1_000).toISOString();
    const Item = { output_id: "late", state: "in_progress", submitted_at: old, sent_at: old };
    await clients.documents.send(new PutCommand({ TableName: String(twin.outputs["jobTableName"]), Item }));
    const { findings } = await diagnose();

    expectAmong(
      findings,
      "warning",
      /^1 job\(s\) ended without a result in 24 hours: BAD_REQUEST$/,
      /#failed-requests$/,
    );
    expectAmong(findings, "fault", /^1 job\(s\) are unfinished past their deadline, such as late/, /#late-jobs$/);
  });

  it("finds that the bucket and the table of jobs are gone", async () => {
    const { s3 } = doctorClients(twin.clientConfig);
    s3.middlewareStack.add(() => () => Promise.reject(awsError("NotFound")), { step: "initialize" });
    await clients.documents.send(new DeleteTableCommand({ TableName: String(twin.outputs["jobTableName"]) }));
    const { findings } = await diagnose({}, { s3 });

    expectAmong(findings, "fault", /^There is no bucket .*: no job can be submitted/, /^pulumi up --refresh/);
    expectAmong(findings, "fault", /^There is no table .*: no job is known or taken/, /^pulumi up --refresh/);
  });
});
