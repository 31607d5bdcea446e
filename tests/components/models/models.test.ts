import { expect } from "chai";
import { FIRST_POINTER, servedVersion, versionRecord } from "../../../contract/models.js";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION } from "../../support/plannedStack.js";

const MODELS = JSON.stringify([{ name: "v2", modelId: "chandar-lab/AMPLIFY_120M" }]);
const PARAMETER = "aws:ssm/parameter:Parameter";
const FUNCTION = "aws:lambda/function:Function";
const PREFIX = "protein-agent-default";
const POINTER = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${PREFIX}/models/active`;
const V2 = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/${PREFIX}-model-v2-endpoint`;
const OTHER = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/another-endpoint`;

/** Variables of a function. */
function variablesOf(inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return (inputs["environment"] as { variables: Record<string, string> }).variables;
}

describe("model versions", () => {
  it("are not there by default: no resource, no variable, no right", async () => {
    const stack = await planned("default");

    expect(stack.resources.filter(({ name }) => /-model-v2|-models-|-model-guard/.test(name))).to.deep.equal([]);
    expect(variablesOf(stack.one(FUNCTION, "-tools-function").inputs)).to.not.have.property("MODEL_VERSIONS");
    const request = { principal: "-tools-role", action: "ssm:GetParameter", resource: POINTER };
    expect(await isAllowed(stack, request)).to.equal(false);
  });

  it("tell each container the version that functions ask it for", async () => {
    const stack = await planned("default", { models: MODELS });
    const served = servedVersion
      .array()
      .parse(JSON.parse(variablesOf(stack.one(FUNCTION, "-tools-function").inputs)["MODEL_VERSIONS"] ?? ""));

    const versions = ["default-model", "-model-v2-model"].map((name) => {
      const { inputs } = stack.one("aws:sagemaker/model:Model", name);
      const { environment } = inputs["primaryContainer"] as { environment: Record<string, string> };
      return environment["AMPLIFY_MODEL_VERSION"];
    });

    expect(versions).to.deep.equal(served.map(({ digest }) => digest));
  });

  it("have an endpoint each, with its own role, image and scaling from zero", async () => {
    const stack = await planned("default", { models: MODELS });
    const own = stack.resources.filter(({ name }) => name.startsWith(`${PREFIX}-model-v2`));

    expect(own.map(({ type }) => type)).to.include.members([
      "aws:sagemaker/endpoint:Endpoint",
      "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
      "aws:sagemaker/model:Model",
      "aws:iam/role:Role",
      "aws:ecr/repository:Repository",
      "aws:appautoscaling/target:Target",
    ]);
    expect(stack.one("aws:appautoscaling/target:Target", "-model-v2-target").inputs).to.include({
      minCapacity: 0,
      maxCapacity: 2,
    });
    const [variant] = stack.one("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "-model-v2-config").inputs[
      "productionVariants"
    ] as object[];
    expect(variant).to.include({ instanceType: "ml.g6.2xlarge" });
  });

  it("are in the registry, and functions know them", async () => {
    const stack = await planned("default", { models: MODELS, modelB: "v2", modelBShare: "30" });
    const value = (name: string): unknown => JSON.parse(String(stack.one(PARAMETER, name).inputs["insecureValue"]));

    const record = versionRecord.parse(value("-models-version-v2"));
    expect(record).to.include({
      name: "v2",
      model_id: "chandar-lab/AMPLIFY_120M",
      endpoint: `${PREFIX}-model-v2-endpoint`,
    });
    expect(record.model_version).to.equal(record.image_digest);
    expect(value("-models-active")).to.deep.equal(FIRST_POINTER);

    for (const name of ["-tools-function", "-recorder-function", "-sweeper-function"]) {
      const variables = variablesOf(stack.one(FUNCTION, name).inputs);
      expect(variables).to.include({
        MODEL_POINTER: `/${PREFIX}/models/active`,
        MODEL_B: "v2",
        MODEL_B_SHARE: "30",
        MODEL_B_MODE: "split",
      });
      const served = servedVersion.array().parse(JSON.parse(variables["MODEL_VERSIONS"] ?? ""));
      expect(served.map((version) => [version.name, version.endpoint])).to.deep.equal([
        ["base", `${PREFIX}-endpoint`],
        ["v2", `${PREFIX}-model-v2-endpoint`],
      ]);
      expect(served[0]?.digest).to.equal(variables["MODEL_VERSION"]);
      // Lambda's limit is for names and values together.
      const bytes = Object.entries(variables).reduce((sum, [key, text]) => sum + key.length + text.length, 0);
      expect(bytes).to.be.below(4_096);
    }
  });

  for (const [role, action, resource, allowed] of [
    ["-tools-role", "sagemaker:InvokeEndpointAsync", V2, true],
    ["-tools-role", "sagemaker:InvokeEndpointAsync", OTHER, false],
    ["-tools-role", "ssm:GetParameter", POINTER, true],
    ["-tools-role", "ssm:PutParameter", POINTER, false],
    ["-tools-role", "ssm:GetParameter", POINTER.replace("active", "versions/v2"), false],
    ["-sweeper-role", "sagemaker:InvokeEndpointAsync", V2, true],
    ["-sweeper-role", "sagemaker:DescribeEndpoint", OTHER, false],
    ["-sweeper-role", "ssm:GetParameter", POINTER, false],
    ["-recorder-role", "sagemaker:InvokeEndpointAsync", V2, false],
    ["-recorder-role", "ssm:GetParameter", POINTER, false],
    ["-guard-role", "ssm:PutParameter", POINTER, true],
    ["-guard-role", "ssm:PutParameter", POINTER.replace("active", "versions/v2"), false],
    ["-guard-role", "sagemaker:InvokeEndpointAsync", V2, false],
  ] as const) {
    it(`${allowed ? "let" : "do not let"} ${role} ${action} on ${resource.split(":").at(-1) ?? ""}`, async () => {
      const stack = await planned("default", { models: MODELS, modelGuard: "true" });

      expect(await isAllowed(stack, { principal: role, action, resource })).to.equal(allowed);
    });
  }

  it("may publish to the topics of the stack, and read their own logs' key", async () => {
    const stack = await planned("default", { models: MODELS, encryption: "kms", modelGuard: "true" });
    const patterns = [`arn:aws:iam::${ACCOUNT}:role/${PREFIX}-model-v2-endpoint-role-*`];
    const topic = JSON.stringify(
      stack.one("aws:sns/topicPolicy:TopicPolicy", "-success-topic-policy").inputs["policy"],
    );
    const key = String(stack.one("aws:kms/key:Key").inputs["policy"]);

    for (const pattern of patterns) {
      expect(topic).to.include(pattern);
      expect(key).to.include(pattern);
    }
    expect(key).to.include(`/aws/sagemaker/Endpoints/${PREFIX}-model-v2-endpoint`);
    expect(key).to.include(`/aws/lambda/${PREFIX}-model-guard`);
  });

  it("can be reached from an isolated network, with their pointer and weights, and nothing else", async () => {
    const models = JSON.stringify([{ name: "v2", modelDataUrl: "s3://weights/2/" }]);
    const stack = await planned("default", { models, network: "isolated" });
    const policy = (name: string): string =>
      String(stack.one("aws:ec2/vpcEndpoint:VpcEndpoint", name).inputs["policy"]);

    expect(policy("-ssm")).to.include(POINTER).and.to.not.include("PutParameter");
    expect(policy("-sagemaker-runtime")).to.include(V2);
    expect(policy("-s3")).to.include("arn:aws:s3:::weights/2/*");
  });

  it("have alarms that call the guard, and say what it does", async () => {
    const stack = await planned("default", { models: MODELS, modelGuard: "true" });
    const alarm = stack.one("aws:cloudwatch/metricAlarm:MetricAlarm", "-guard-v2-failing");
    const guard = stack.one(FUNCTION, "-guard-function");

    expect(alarm.inputs["alarmDescription"]).to.include("the active pointer goes back to the version before");
    expect(alarm.inputs["alarmActions"]).to.include(
      `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${PREFIX}-model-guard`,
    );
    expect(JSON.parse(variablesOf(guard.inputs)["GUARD_ALARMS"] ?? "")).to.deep.equal({
      [`${PREFIX}-endpoint-failing`]: "base",
      [`${PREFIX}-endpoint-slow`]: "base",
      [`${PREFIX}-model-v2-endpoint-failing`]: "v2",
      [`${PREFIX}-model-v2-endpoint-slow`]: "v2",
    });
    expect(alarm.inputs["name"]).to.equal(`${PREFIX}-model-v2-endpoint-failing`);
  });

  it("have a dashboard with the times, the GPU hours and the cost of the day of each", async () => {
    const entry = { name: "v2", modelId: "chandar-lab/AMPLIFY_120M", instanceType: "ml.g6.12xlarge" };
    const { one } = await planned("default", { models: JSON.stringify([entry]) });
    const { dashboardBody } = one("aws:cloudwatch/dashboard:Dashboard", "-models-dashboard").inputs;
    const { widgets } = JSON.parse(String(dashboardBody)) as {
      widgets: { properties: { title: string; metrics: unknown[][] } }[];
    };
    const titled = (text: string) => widgets.filter(({ properties: { title } }) => title.includes(text));
    const [today] = titled("Today");
    const computed = today?.properties.metrics.map(([first]) => first as { expression?: string; label: string });

    // The price of ml.g6.12xlarge, with four GPUs, is 5.752 USD an hour.
    expect(computed?.filter(({ expression }) => expression !== undefined)).to.deep.equal([
      { expression: "hosts0 / 60 * 1", label: "GPU hours of base" },
      { expression: "hosts0 / 60 * 1.222", label: "USD of base, estimate (us-east-1, 2026-11)" },
      { expression: "hosts1 / 60 * 4", label: "GPU hours of v2" },
      { expression: "hosts1 / 60 * 5.752", label: "USD of v2, estimate (us-east-1, 2026-11)" },
    ]);
    expect(titled("Service time by version")).to.have.length(4);
    for (const { properties } of widgets) expect(properties.metrics.length).to.be.at.least(2);
  });

  it("have a group of model packages with modelGovernance", async () => {
    const stack = await planned("default", { models: MODELS, modelGovernance: "true" });

    expect(stack.one("aws:sagemaker/modelPackageGroup:ModelPackageGroup").inputs).to.include({
      modelPackageGroupName: `${PREFIX}-models`,
    });
  });
});
