import { isSecret } from "@pulumi/pulumi";
import { expect } from "chai";
import { readConfig } from "../../../components/config/config.js";
import { CONFIG_KEYS } from "../../../components/config/keys.js";
import { configError, faults, given } from "./support/configuration.js";

describe("readConfig", () => {
  it("gives the project's defaults, the prefix and the tags", async () => {
    await given({});

    const { registryPassword, ...config } = readConfig();

    expect(await isSecret(registryPassword)).to.equal(true);
    expect(config).to.deep.equal({
      projectName: "protein-agent",
      instanceType: "ml.g6.2xlarge",
      modelId: "chandar-lab/AMPLIFY_350M",
      modelRevision: "main",
      modelDataUrl: "",
      imageUri: "",
      imageBuild: "local",
      models: [],
      modelB: "",
      modelBShare: 20,
      modelBMode: "split",
      modelGovernance: false,
      modelGuard: false,
      versions: [],
      modelPointer: "/protein-agent-test/models/active",
      registryUsername: "",
      bucketName: "",
      minCapacity: 1,
      maxCapacity: 2,
      maxConcurrentInvocations: 4,
      maxInvocationSeconds: 1680,
      maxAttempts: 5,
      enableAutoscaling: true,
      backlogPerInstance: 5,
      workHours: "",
      workHoursCapacity: 1,
      stepDownMinutes: 0,
      logRetentionDays: 30,
      alarmEmail: "",
      encryption: "sse-s3",
      network: "none",
      availabilityZones: [],
      vpcId: "",
      subnetIds: [],
      securityGroupIds: [],
      flowLogs: false,
      retainData: true,
      jobRetentionDays: 365,
      resultsCatalog: false,
      stream: false,
      fastaDrop: false,
      scan: false,
      scanSchedule: "",
      scanTimeZone: "UTC",
      scanInput: "",
      api: false,
      apiAuth: "iam",
      apiCache: false,
      apiOrigins: [],
      apiKeys: [],
      apiDailyQuota: 10_000,
      agentGateway: false,
      agentGatewayIssuer: "",
      agentGatewayClients: [],
      agentGatewayAudiences: [],
      monthlyBudgetUsd: 0,
      brakeCapacity: 0,
      evidence: false,
      genomeSources: [],
      alignmentSubnetIds: [],
      ncbiApiKeyParameter: "",
      evidenceContact: "",
      publishLegacyParameters: false,
      lambdaMemoryMb: 512,
      lambdaTimeoutSeconds: 30,
      lambdaReservedConcurrency: -1,
      iamPermissionsBoundary: "",
      iamPath: "/",
      executionRoleArn: "",
      functionRoleArn: "",
      prefix: "protein-agent-test",
      endpointName: "protein-agent-test-endpoint",
      functionName: "protein-agent-test-async-endpoint-lambda",
      buildName: "protein-agent-test-image-build",
      recorderName: "protein-agent-test-recorder",
      sweeperName: "protein-agent-test-sweeper",
      tags: { Project: "protein-agent", Stack: "test", ManagedBy: "Pulumi" },
    });
  });

  it("does not repeat the stack's name where the project's name begins with it", async () => {
    await given({ projectName: "dev-protein-agent" }, { stack: "dev" });

    const { prefix } = readConfig();

    expect(prefix).to.equal("dev-protein-agent");
  });

  it("names all faults at once, each with key, value, what is allowed and the fix", async () => {
    await given({ minCapacity: "-1", instanceType: "ml.c5.xlarge", retainData: "yes", alarmEmail: "nobody" });

    const error = configError();

    expect(error.faults.map(({ key, value }) => [key, value])).to.deep.equal([
      ["instanceType", "ml.c5.xlarge"],
      ["minCapacity", "-1"],
      ["alarmEmail", "nobody"],
      ["retainData", "yes"],
    ]);
    expect(error.message).to.include("4 fault(s)");
    for (const { key, problem, fix } of error.faults) {
      expect(problem).to.include("allowed");
      expect(fix).to.match(new RegExp(`^pulumi config set ${key} `));
      expect(error.message).to.include(fix);
    }
  });

  it("suggests only values that it accepts", async () => {
    // White space around a value is the only thing that a password may not have.
    const wrong = Object.fromEntries(Object.keys(CONFIG_KEYS).map((key) => [key, "? "]));
    await given(wrong);

    const found = faults();

    expect(found.map(({ key }) => key)).to.have.members(Object.keys(CONFIG_KEYS));
    for (const { key, fix } of found) {
      // A list is set by its parts.
      if (key === "models") continue;
      const [, suggested = ""] = /^pulumi config set (?:--secret )?\w+ (?:-- )?'?(.*?)'?$/.exec(fix) ?? [];
      expect(CONFIG_KEYS[key as keyof typeof CONFIG_KEYS].schema.safeParse(suggested), fix).to.include({
        success: true,
      });
    }
  });

  for (const [key, value] of [
    ["projectName", "Protein_Agent"],
    ["projectName", "aws-protein"],
    ["instanceType", "ml.p3.2xlarge"],
    ["instanceType", "ml.g6.metal"],
    ["modelId", "AMPLIFY_350M"],
    ["modelId", `owner/${"x".repeat(300)}`],
    ["modelRevision", ""],
    ["imageUri", "ghcr.io/owner/model"],
    ["imageUri", "ghcr.io/owner/model:v1 AS model"],
    ["imageUri", "ghcr.io/Owner/model:v1"],
    ["imageUri", "ghcr.io/owner/model@sha256:0a"],
    ["imageUri", "https://ghcr.io/owner/model:v1"],
    ["imageUri", "ghcr.io/owner/model:v1\nRUN id"],
    ["imageUri", "123456789012.dkr.ecr.us-east-1.amazonaws.com/untagged"],
    ["imageUri", `123456789012.dkr.ecr.us-east-1.amazonaws.com/both:v1@sha256:${"0a".repeat(32)}`],
    ["registryUsername", "two words"],
    ["bucketName", "My_Bucket"],
    ["bucketName", "192.168.0.1"],
    ["bucketName", "ab"],
    ["bucketName", "a..b"],
    ["bucketName", "xn--bucket"],
    ["bucketName", "bucket-s3alias"],
    ["minCapacity", "1.5"],
    ["minCapacity", ""],
    ["maxCapacity", "0"],
    ["maxCapacity", "21"],
    ["maxConcurrentInvocations", "1001"],
    ["maxConcurrentInvocations", "0"],
    ["enableAutoscaling", "TRUE"],
    ["backlogPerInstance", "0"],
    ["logRetentionDays", "31"],
    ["logRetentionDays", " 30"],
    ["alarmEmail", "a@b"],
    ["jobRetentionDays", "0"],
    ["scan", "yes"],
    ["encryption", "none"],
    ["network", "public"],
    ["availabilityZones", "eu-west-1"],
    ["availabilityZones", "eu-west-1a,eu-west-1a"],
    ["vpcId", "vpc"],
    ["subnetIds", "subnet-01234567;subnet-12345678"],
    ["securityGroupIds", "default"],
    ["lambdaMemoryMb", "64"],
    ["lambdaTimeoutSeconds", "901"],
    ["lambdaReservedConcurrency", "0"],
    ["iamPermissionsBoundary", "boundary"],
    ["iamPath", "science"],
  ] as const) {
    it(`refuses ${key} '${value.slice(0, 60)}'`, async () => {
      await given({ [key]: value });

      const found = faults();

      expect(found.map((fault) => [fault.key, fault.value])).to.deep.equal([[key, value]]);
    });
  }

  it("says why a Volta instance is refused", async () => {
    await given({ instanceType: "ml.p3.2xlarge" });

    const [fault] = faults();

    expect(fault?.problem).to.include("CUDA 13");
  });

  it("refuses a minCapacity above maxCapacity and names both", async () => {
    await given({ minCapacity: "3", maxCapacity: "2" });

    const found = faults();

    expect(found).to.have.length(1);
    expect(found[0]).to.deep.include({ key: "minCapacity", value: "3", fix: "pulumi config set minCapacity 2" });
    expect(found[0]?.problem).to.include("maxCapacity, which is 2");
  });

  it("reads lists with commas and spaces between", async () => {
    await given({ network: "isolated", availabilityZones: "us-east-1a, us-east-1b" });

    expect(readConfig().availabilityZones).to.deep.equal(["us-east-1a", "us-east-1b"]);
  });

  it("refuses an image and zones of another region than the stack's", async () => {
    const imageUri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/model:v1";
    await given({
      imageUri,
      network: "isolated",
      availabilityZones: "us-east-1a,us-east-1b",
      "aws:region": "eu-west-1",
    });

    const found = faults();

    expect(found.map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["imageUri", "pulumi config set imageUri 123456789012.dkr.ecr.eu-west-1.amazonaws.com/model:v1"],
      ["availabilityZones", "pulumi config set availabilityZones eu-west-1a,eu-west-1b"],
    ]);
  });

  it("refuses an unknown key and names the nearest", async () => {
    await given({ minCapacty: "2" });

    const found = faults();

    expect(found).to.have.length(1);
    expect(found[0]).to.deep.include({
      key: "minCapacty",
      fix: "pulumi config rm minCapacty && pulumi config set minCapacity 2",
    });
  });

  it("lists the known keys where none is near", async () => {
    await given({ somethingElse: "2" });

    const [fault] = faults();

    expect(fault?.fix).to.equal("pulumi config rm somethingElse");
    expect(fault?.problem).to.include("projectName").and.to.include("lambdaReservedConcurrency");
  });

  it("does not show an encrypted value of an unknown key", async () => {
    await given({ somethingElse: "hunter2" }, { encrypted: ["amplify-vep:somethingElse"] });

    const { faults: found, message } = configError();

    expect(found.map(({ key, value }) => [key, value])).to.deep.equal([["somethingElse", "[secret]"]]);
    expect(message).to.not.include("hunter2");
  });

  it("leaves other namespaces alone", async () => {
    await given({ "aws:profile": "science", "pulumi:tags": "{}" });

    expect(faults()).to.deep.equal([]);
  });

  it("refuses a stack name that SageMaker would refuse", async () => {
    await given({}, { stack: "my_stack" });

    const found = faults();

    expect(found.map(({ key, fix }) => [key, fix])).to.deep.equal([["stack", "pulumi stack rename my-stack"]]);
  });

  it("refuses a prefix of more than 40 characters and cuts it to what fits", async () => {
    await given({ projectName: "a".repeat(36) }, { stack: "test" });

    const found = faults();

    expect(found.map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["projectName", `pulumi config set projectName ${"a".repeat(35)}`],
    ]);
  });
});
