import { output } from "@pulumi/pulumi";
import { expect } from "chai";
import { AsyncEndpoint } from "../../../components/endpoint/asyncEndpoint.js";
import { CUDA_13_HOST } from "../../../components/shared/gpuInstances.js";
import { built, PLACE } from "../../support/component.js";
import { ACCOUNT, planned, REGION, statements } from "../../support/plannedStack.js";

describe("AsyncEndpoint", () => {
  it("hosts the model on one GPU instance with the host image of the table", async () => {
    const { one } = await planned("default", { instanceType: "ml.g5.2xlarge", maxConcurrentInvocations: "7" });

    const { inputs } = one("aws:sagemaker/endpointConfiguration:EndpointConfiguration");

    expect(inputs["productionVariants"]).to.deep.equal([
      {
        variantName: "AllTraffic",
        modelName: one("aws:sagemaker/model:Model").name + "-" + String(modelSuffix(inputs)),
        instanceType: "ml.g5.2xlarge",
        inferenceAmiVersion: CUDA_13_HOST,
        initialInstanceCount: 1,
        initialVariantWeight: 1,
        containerStartupHealthCheckTimeoutInSeconds: 1800,
      },
    ]);
    expect(inputs["asyncInferenceConfig"]).to.deep.include({
      clientConfig: { maxConcurrentInvocationsPerInstance: 7 },
    });
  });

  it("writes results and failures below their own prefixes", async () => {
    const { one, outputs } = await planned();

    const { inputs } = one("aws:sagemaker/endpointConfiguration:EndpointConfiguration");

    expect(inputs["asyncInferenceConfig"])
      .to.have.property("outputConfig")
      .that.deep.equals({
        s3OutputPath: `s3://${String(outputs["s3BucketName"])}/async-inference-output/`,
        s3FailurePath: `s3://${String(outputs["s3BucketName"])}/async-inference-failures/`,
        notificationConfig: notified(outputs),
      });
  });

  it("names neither model nor configuration, so that each change makes a new one", async () => {
    const { one } = await planned();

    expect(one("aws:sagemaker/endpointConfiguration:EndpointConfiguration").inputs).to.not.have.property("name");
    expect(one("aws:sagemaker/model:Model").inputs).to.not.have.property("name");
  });

  it("encrypts no volume with a key, as instances with local NVMe refuse one", async () => {
    const { one } = await planned();

    expect(one("aws:sagemaker/endpointConfiguration:EndpointConfiguration").inputs).to.not.have.property("kmsKeyArn");
  });

  it("isolates the model's network", async () => {
    const { one } = await planned();

    expect(one("aws:sagemaker/model:Model").inputs["enableNetworkIsolation"]).to.equal(true);
  });

  it("updates blue/green and keeps the old fleet until running work can have ended", async () => {
    const { one } = await planned("prod");

    const { inputs } = one("aws:sagemaker/endpoint:Endpoint");

    expect(inputs["name"]).to.equal("prod-protein-agent-endpoint");
    expect(inputs["deploymentConfig"]).to.have.property("blueGreenUpdatePolicy").that.deep.includes({
      terminationWaitInSeconds: 1680,
      maximumExecutionTimeoutInSeconds: 3300,
    });
  });

  it("keeps the old fleet for maxInvocationSeconds, to which the function limits invocations", async () => {
    const { one } = await planned("default", { maxInvocationSeconds: "900" });

    const variables = one("aws:lambda/function:Function", "-tools-function").inputs["environment"];
    const deployment = one("aws:sagemaker/endpoint:Endpoint").inputs["deploymentConfig"];

    expect(deployment).to.have.nested.property("blueGreenUpdatePolicy.terminationWaitInSeconds", 900);
    expect(variables).to.have.nested.property("variables.MAX_INVOCATION_SECONDS", "900");
    expect(one("aws:cloudwatch/metricAlarm:MetricAlarm", "-model-latency").inputs["threshold"]).to.equal(450e6);
  });

  it("rolls an update back when the new container itself fails, notifies, and has ten minutes to see it", async () => {
    const { one, outputs } = await planned();

    const alarm = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-bad-image");

    const deployment = one("aws:sagemaker/endpoint:Endpoint").inputs["deploymentConfig"];
    expect(alarm.inputs).to.deep.include({
      metricName: "Invocation5XXErrors",
      dimensions: {
        EndpointName: "protein-agent-default-endpoint",
        VariantName: "AllTraffic",
        EndpointConfigName: outputs["endpointConfigName"],
      },
      treatMissingData: "notBreaching",
    });
    expect(alarm.inputs["alarmActions"]).to.deep.equal([
      one("aws:sns/topicPolicy:TopicPolicy", "-alarms-policy").inputs["arn"],
    ]);
    expect(alarm.inputs["okActions"]).to.deep.equal(alarm.inputs["alarmActions"]);
    expect(deployment)
      .to.have.nested.property("autoRollbackConfiguration.alarms[0].alarmName")
      .that.equals("protein-agent-default-endpoint-bad-image");
    expect(deployment).to.have.nested.property(
      "blueGreenUpdatePolicy.trafficRoutingConfiguration.waitIntervalInSeconds",
      600,
    );
  });

  it("has its log group before the endpoint, with the retention that was asked for", async () => {
    const { one } = await planned("dev");

    const logs = one("aws:cloudwatch/logGroup:LogGroup", "-endpoint-logs");

    expect(logs.inputs).to.deep.include({
      name: "/aws/sagemaker/Endpoints/dev-protein-agent-endpoint",
      retentionInDays: 14,
    });
    expect(one("aws:sagemaker/endpoint:Endpoint").options.dependsOn).to.include(logs.urn);
  });

  it("represents the registration of the instance type: the old one is deleted before a new one is created", async () => {
    const { one } = await planned();

    const registration = one("random:index/randomId:RandomId");

    expect(registration.inputs["keepers"]).to.deep.equal({ instanceType: "ml.g6.2xlarge" });
    expect(registration.options.deleteBeforeReplace).to.equal(true);
    expect(one("aws:sagemaker/endpoint:Endpoint").options.dependsOn).to.include(registration.urn);
    expect(one("aws:appautoscaling/target:Target").options.dependsOn).to.include(registration.urn);
  });

  it("is assumed by SageMaker alone, for this account", async () => {
    const { one } = await planned();

    const trust = statements(one("aws:iam/role:Role", "-endpoint-role").inputs["assumeRolePolicy"]);

    expect(trust).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "sagemaker.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws:sagemaker:eu-west-1:123456789012:*" },
        },
      },
    ]);
  });

  it("may publish to no topic if it has none", async () => {
    const { topics, ...without } = args;
    const resources = await built(() => new AsyncEndpoint("test", without));

    const policy = statements(resources.find(({ type }) => type.endsWith(":RolePolicy"))?.inputs["policy"]);

    expect(topics).to.be.an("object");
    expect(policy.flatMap(({ Action }) => Action)).to.not.include("sns:Publish");
  });
});

const topics = {
  successArn: `arn:aws:sns:${REGION}:${ACCOUNT}:success`,
  errorArn: `arn:aws:sns:${REGION}:${ACCOUNT}:error`,
};
const args = {
  executionRoleArn: "",
  endpointName: "endpoint",
  place: PLACE,
  tags: {},
  image: {
    uri: "image@sha256:0",
    digest: output("sha256:0"),
    repositoryArn: "arn:aws:ecr:eu-west-1:123456789012:repository/image",
  },
  bucket: { bucketName: "bucket", bucketArn: "arn:aws:s3:::bucket" },
  instanceType: "ml.g6.2xlarge",
  maxConcurrentInvocations: 4,
  logRetentionDays: 30,
  iamPath: "/",
  iamPermissionsBoundary: "",
  maxInvocationSeconds: 900,
  topics,
};

describe("AsyncEndpoint with topics", () => {
  it("notifies both topics of finished requests, and its role may publish to no other topic", async () => {
    const resources = await built(() => new AsyncEndpoint("test", args));

    const config = resources.find(({ type }) => type.endsWith(":EndpointConfiguration"));
    const policy = resources.find(({ type }) => type.endsWith(":RolePolicy"));
    const publishing = statements(policy?.inputs["policy"]).filter(({ Action }) => Action.includes("sns:Publish"));

    expect(config?.inputs)
      .to.have.nested.property("asyncInferenceConfig.outputConfig.notificationConfig")
      .that.deep.equals({
        successTopic: topics.successArn,
        errorTopic: topics.errorArn,
      });
    expect(publishing.map(({ Resource }) => Resource)).to.deep.equal([[topics.successArn, topics.errorArn]]);
  });

  it("refuses an instance type that is not in the table", async () => {
    const failure = await built(() => new AsyncEndpoint("test", { ...args, instanceType: "ml.c5.large" })).catch(
      (error: unknown) => error,
    );

    expect(failure).to.be.instanceOf(RangeError).with.property("message").that.includes("ml.c5.large");
  });
});

function modelSuffix(inputs: Readonly<Record<string, unknown>>): string | undefined {
  const [variant] = inputs["productionVariants"] as { modelName: string }[];
  return variant?.modelName.split("-").at(-1);
}

function notified(outputs: Readonly<Record<string, unknown>>): unknown {
  const [successTopic, errorTopic] = outputs["notificationTopicArns"] as string[];
  return { successTopic, errorTopic };
}
