import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeStreamSummaryCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { GetFunctionCommand, LambdaClient, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect } from "chai";
import { plannedHandlers } from "../../../../local/program/plannedOutputs.js";
import { runProgram } from "../../../../local/program/runProgram.js";
import { stackConfig } from "../../../../local/program/stackConfig.js";
import { ACCOUNT } from "../../../../local/twin/account.js";
import { required } from "../../../../local/twin/resources/properties.js";
import { RESOURCES, whyNotEmulated } from "../../../../local/twin/resources/table.js";
import type { Resource } from "../../../../local/twin/resources/types.js";
import { startTwin, type Twin } from "../../../../local/twin/start.js";
import { MODEL_DIR, prepareCheckpoint } from "../support/sharedTwin.js";

/** Registers every type that the program knows; zero instances start no model server. */
const CONFIG = {
  alarmEmail: "alarms@example.org",
  encryption: "kms",
  network: "isolated",
  minCapacity: "0",
  models: JSON.stringify([{ name: "v2", modelId: "chandar-lab/AMPLIFY_120M" }]),
  modelGovernance: "true",
  modelGuard: "true",
  stream: "true",
  api: "true",
  apiKeys: "lab",
  agentGateway: "true",
  fastaDrop: "true",
  resultsCatalog: "true",
  scan: "true",
  monthlyBudgetUsd: "200",
  evidence: "true",
  scanSchedule: "rate(1 day)",
  scanInput: "uploads/proteome.fasta",
};

/** The resources of the program by Pulumi type, with the ids that the twin gives them too. */
async function plannedResources(): Promise<Map<string, Resource[]>> {
  const planned = plannedHandlers({ region: ACCOUNT.region, account: ACCOUNT.id });
  const resources = new Map<string, Resource[]>();
  const overrides = { ...CONFIG, "aws:region": ACCOUNT.region };
  await runProgram({
    stack: "default",
    config: stackConfig({ stack: "default", overrides }),
    handlers: {
      ...planned,
      create: async (resource) => {
        const created = await planned.create(resource);
        resources.set(resource.type, [...(resources.get(resource.type) ?? []), created]);
        return created;
      },
    },
  });
  return resources;
}

/** Asks the API of the service for a resource: what it returns, or undefined or an error if it is not there. */
type Read = (resource: Resource) => Promise<unknown>;

/** How the AWS API shows a resource, by Pulumi type. */
function readers({ clientConfig }: Twin): Readonly<Record<string, Read>> {
  const cloudwatch = new CloudWatchClient(clientConfig);
  const logs = new CloudWatchLogsClient(clientConfig);
  const s3 = new S3Client(clientConfig);
  const sagemaker = new SageMakerClient(clientConfig);
  const sns = new SNSClient(clientConfig);
  const bucketOf = ({ state }: Resource) => ({ Bucket: required(state, "bucket") });
  return {
    "aws:cloudwatch/dashboard:Dashboard": ({ state }) =>
      cloudwatch.send(new GetDashboardCommand({ DashboardName: required(state, "dashboardName") })),
    "aws:cloudwatch/logGroup:LogGroup": async ({ id }) =>
      (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }))).logGroups?.[0],
    "aws:appautoscaling/target:Target": async ({ state }) =>
      (
        await new ApplicationAutoScalingClient(clientConfig).send(
          new DescribeScalableTargetsCommand({
            ServiceNamespace: "sagemaker",
            ResourceIds: [required(state, "resourceId")],
          }),
        )
      ).ScalableTargets?.[0],
    "aws:cloudwatch/metricAlarm:MetricAlarm": async ({ id }) =>
      (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [id] }))).MetricAlarms?.[0],
    "aws:dynamodb/table:Table": ({ id }) =>
      new DynamoDBClient(clientConfig).send(new DescribeTableCommand({ TableName: id })),
    "aws:kinesis/stream:Stream": ({ state }) =>
      // Its own handler speaks HTTP/2 only.
      new KinesisClient({ ...clientConfig, requestHandler: s3.config.requestHandler }).send(
        new DescribeStreamSummaryCommand({ StreamName: required(state, "name") }),
      ),
    "aws:lambda/function:Function": ({ id }) =>
      new LambdaClient(clientConfig).send(new GetFunctionCommand({ FunctionName: id })),
    "aws:lambda/eventSourceMapping:EventSourceMapping": async ({ id }) =>
      (await new LambdaClient(clientConfig).send(new ListEventSourceMappingsCommand({}))).EventSourceMappings?.find(
        ({ UUID }) => UUID === id,
      ),
    "aws:s3/bucket:Bucket": (resource) => s3.send(new HeadBucketCommand(bucketOf(resource))),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (resource) =>
      s3.send(new GetBucketLifecycleConfigurationCommand(bucketOf(resource))),
    "aws:s3/bucketNotification:BucketNotification": async (resource) =>
      (await s3.send(new GetBucketNotificationConfigurationCommand(bucketOf(resource)))).QueueConfigurations?.[0],
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (resource) =>
      s3.send(new GetPublicAccessBlockCommand(bucketOf(resource))),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (resource) =>
      s3.send(new GetBucketEncryptionCommand(bucketOf(resource))),
    "aws:sagemaker/endpoint:Endpoint": ({ id }) => sagemaker.send(new DescribeEndpointCommand({ EndpointName: id })),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": ({ id }) =>
      sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: id })),
    "aws:sagemaker/model:Model": ({ id }) => sagemaker.send(new DescribeModelCommand({ ModelName: id })),
    "aws:sfn/stateMachine:StateMachine": ({ state }) =>
      new SFNClient(clientConfig).send(new DescribeStateMachineCommand({ stateMachineArn: required(state, "arn") })),
    "aws:sns/topic:Topic": ({ state }) => sns.send(new GetTopicAttributesCommand({ TopicArn: required(state, "arn") })),
    "aws:sns/topicSubscription:TopicSubscription": async ({ state }) =>
      (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: required(state, "topic") }))).Subscriptions?.find(
        ({ Endpoint }) => Endpoint === state["endpoint"],
      ),
    "aws:sqs/queue:Queue": ({ id }) => new SQSClient(clientConfig).send(new GetQueueUrlCommand({ QueueName: id })),
    "aws:ssm/parameter:Parameter": ({ state }) =>
      new SSMClient(clientConfig).send(new GetParameterCommand({ Name: required(state, "name") })),
  };
}

describe("the list of what the twin emulates", () => {
  let twin: Twin;
  let planned: Map<string, Resource[]>;

  before(async () => {
    prepareCheckpoint();
    planned = await plannedResources();
    twin = await startTwin({
      modelDir: MODEL_DIR,
      models: { "chandar-lab/AMPLIFY_120M": MODEL_DIR },
      config: CONFIG,
    });
  });

  after(() => twin.stop());

  it("has exactly the AWS types whose resources the API of their service shows", async () => {
    const read = readers(twin);
    expect(twin.emulated.filter((type) => type.startsWith("aws:"))).to.have.members(Object.keys(read));
    for (const [type, readOne] of Object.entries(read)) {
      const resources = planned.get(type) ?? [];
      expect(resources, type).to.not.be.empty;
      for (const resource of resources) expect(await readOne(resource), `${type} ${resource.id}`).to.be.an("object");
    }
  });

  it("has each type of the program once, with a reason if it is not emulated", () => {
    expect([...twin.emulated, ...twin.notEmulated]).to.have.members([...planned.keys()]);
    const unexplained = whyNotEmulated("aws:unknown/type:Type");
    expect(twin.notEmulated.filter((type) => whyNotEmulated(type) === unexplained)).to.be.empty;
    expect(twin.notEmulated).to.include.members([
      "aws:budgets/budget:Budget",
      "aws:iam/role:Role",
      "docker-build:index:Image",
    ]);
  });

  it("has no type that the program never registers", () => {
    expect([...planned.keys()]).to.include.members(Object.keys(RESOURCES));
  });
});
