import { expect } from "chai";
import { Cloud } from "./provider/cloud.js";
import { text } from "./provider/outputs.js";
import { checkRights } from "./provider/rights.js";
import type { Properties } from "./provider/wire.js";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const BUCKET = "aws:s3/bucket:Bucket";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
/** What a fleet needs, except for the pull of its image. */
const FLEET_ACTIONS = ["s3:*", "logs:*", "cloudwatch:*", "ecr:GetAuthorizationToken"];
const KEY = "aws:kms/key:Key";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const LIVE = { type: ENDPOINT, name: "live", id: "live", changed: ["endpointConfigName"] };
const MODEL = "aws:sagemaker/model:Model";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE_ARN = "arn:aws:iam::123456789012:role/role";

describe("the rights that the simulated cloud evaluates", () => {
  it("are needed by a fleet until its configuration is deleted, as an update of the endpoint takes up to an hour", async () => {
    const cloud = fleetOf("first");
    await checkRights(cloud);
    make(cloud, MODEL, { name: "other", executionRoleArn: ROLE_ARN, primaryContainer: { image: image("second") } });
    make(cloud, CONFIGURATION, configuration("new", "other"));
    const before = checkRights(cloud);
    cloud.update({ ...LIVE, inputs: { name: "live", endpointConfigName: "new" } });
    const during = await refusal(checkRights(cloud));
    attach(cloud, "second");
    const widened = checkRights(cloud);
    cloud.delete({ type: POLICY, name: "first", id: "role:first" });
    const cut = await refusal(checkRights(cloud));
    cloud.delete({ type: CONFIGURATION, name: "old", id: "old" });

    await before;
    expect(during).to.include(`${ROLE_ARN} runs, and may not call ecr:`).and.to.include(":repository/second");
    await widened;
    expect(cut).to.include(":repository/first");
    await checkRights(cloud);
  });

  it("include the use of every key that encrypts stored objects, also of one that the bucket has left", async () => {
    const cloud = fleetOf("first");
    const rules = (algorithm: Properties) => ({
      bucket: "data",
      rules: [{ applyServerSideEncryptionByDefault: algorithm }],
    });
    const { id } = make(cloud, KEY, { policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) });
    await checkRights(cloud);
    make(cloud, ENCRYPTION, rules({ sseAlgorithm: "aws:kms", kmsMasterKeyId: cloud.only(KEY).outputs["arn"] }));
    const encrypted = await refusal(checkRights(cloud));
    cloud.update({
      type: ENCRYPTION,
      name: "data",
      id: "data",
      changed: ["rules"],
      inputs: rules({ sseAlgorithm: "AES256" }),
    });
    const left = await refusal(checkRights(cloud));
    cloud.delete({ type: KEY, name: "key", id });

    expect(encrypted).to.include("may not call kms:Decrypt");
    expect(left).to.equal(encrypted);
    await checkRights(cloud);
  });

  it("include the state of the alarm that rolls an update of the endpoint back", async () => {
    const cloud = fleetOf("first", ["s3:*", "logs:*", "cloudwatch:PutMetricData", "ecr:GetAuthorizationToken"]);
    make(cloud, ALARM, { name: "faults" });
    const deploymentConfig = { autoRollbackConfiguration: { alarms: [{ alarmName: "faults" }] } };
    cloud.update({ ...LIVE, inputs: { name: "live", endpointConfigName: "old", deploymentConfig } });
    const unread = await refusal(checkRights(cloud));
    attach(cloud, "second", ["cloudwatch:DescribeAlarms"]);

    expect(unread).to.include("may not call cloudwatch:DescribeAlarms").and.to.include(":alarm:faults");
    await checkRights(cloud);
  });

  it("fit into the policies of a role, which IAM limits", () => {
    const cloud = fleetOf("first");
    const policy = { Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "a".repeat(10_000) }] };

    expect(() => make(cloud, POLICY, { name: "long", role: "role", policy })).to.throw("LimitExceeded");
  });
});

/** A cloud with one fleet, whose role may call the given actions, and pull images of one repository. */
function fleetOf(repository: string, actions: readonly string[] = FLEET_ACTIONS): Cloud {
  const cloud = new Cloud();
  const trust = { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" };
  make(cloud, "aws:iam/role:Role", { name: "role", assumeRolePolicy: { Version: "2012-10-17", Statement: [trust] } });
  attach(cloud, repository, actions);
  make(cloud, MODEL, { name: "model", executionRoleArn: ROLE_ARN, primaryContainer: { image: image(repository) } });
  make(cloud, BUCKET, { bucket: "data" });
  make(cloud, CONFIGURATION, configuration("old", "model"));
  make(cloud, ENDPOINT, { name: "live", endpointConfigName: "old" });
  return cloud;
}

/** Attaches a policy that allows the given actions, and the pull of images of one repository. */
function attach(cloud: Cloud, repository: string, actions: readonly string[] = FLEET_ACTIONS): void {
  const images = `arn:aws:ecr:us-east-1:123456789012:repository/${repository}`;
  const Statement = [
    { Effect: "Allow", Action: "ecr:*", Resource: images },
    { Effect: "Allow", Action: actions, Resource: "*" },
  ];
  make(cloud, POLICY, { name: repository, role: "role", policy: { Version: "2012-10-17", Statement } });
}

function configuration(name: string, modelName: string): Properties {
  const outputConfig = {
    s3OutputPath: "s3://data/async-inference-output/",
    s3FailurePath: "s3://data/async-inference-failures/",
  };
  return {
    name,
    productionVariants: [{ variantName: "AllTraffic", modelName }],
    asyncInferenceConfig: { outputConfig },
  };
}

function image(repository: string): string {
  return `123456789012.dkr.ecr.us-east-1.amazonaws.com/${repository}@sha256:${"1".repeat(64)}`;
}

function make(cloud: Cloud, type: string, inputs: Properties): { id: string } {
  return cloud.create({ type, name: text(inputs["name"]), inputs });
}

/** Message of the error; empty where there is none. */
async function refusal(check: Promise<void>): Promise<string> {
  return check.then(
    () => "",
    (error: unknown) => String(error),
  );
}
