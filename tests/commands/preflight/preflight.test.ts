import { GetAccountCommand } from "@aws-sdk/client-api-gateway";
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { GetAccountSettingsCommand } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { Chalk } from "chalk";
import { expect } from "chai";
import { runCheck, type StackFindings } from "../../../commands/preflight/finding.js";
import { preflight } from "../../../commands/preflight/preflight.js";
import { hasNoFault, PREFLIGHT, reportJson, reportText } from "../../../commands/preflight/report.js";
import { stackConfig } from "../../../local/program/stackConfig.js";
import { awsError, BUILDING, expectAmong, expectFinding, hubWith, MODEL } from "./support/answers.js";
import { newAccount } from "./support/newAccount.js";

const IMAGE = `123456789012.dkr.ecr.us-east-1.amazonaws.com/vep@sha256:${"0a".repeat(32)}`;

describe("preflight", () => {
  const run = (
    account: ReturnType<typeof newAccount>,
    overrides: Record<string, string> = {},
    hub = hubWith(200, MODEL),
  ) =>
    preflight({
      stack: "dev",
      config: stackConfig({ stack: "dev", overrides }),
      region: "us-east-1",
      clients: account.clients,
      machine: BUILDING,
      get: hub,
    });

  it("finds no fault of a stack that can be deployed", async () => {
    const found = await run(newAccount());

    expect(hasNoFault(found)).to.equal(true);
    expect(found.account).to.equal("123456789012");
    expect(found.findings.map(({ check, level }) => `${check}: ${level}`)).to.deep.equal([
      "configuration: ok",
      "policy: ok",
      "identity: ok",
      "endpoint quota: ok",
      "Lambda concurrency: ok",
      "instance type offered: ok",
      "names free: ok",
      "image builder: ok",
      "disk for the image: ok",
      "model on the hub: ok",
    ]);
  });

  it("asks whether API Gateway can write logs, where there is an API", async () => {
    const account = newAccount();
    const api = await run(account, { api: "true" });
    account.apiGateway.on(GetAccountCommand).resolves({});
    const without = await run(account, { api: "true" });

    expectAmong(api.findings, "ok", /^API Gateway writes logs as arn:aws:iam::123456789012:role\/apigateway-logs/);
    expectAmong(without.findings, "fault", /^API Gateway has no role for its logs/, /update-account .*us-east-1$/);
    expect(hasNoFault(without)).to.equal(false);
  });

  it("asks for what each model version needs: its quota, its image, its weights, its model on the hub", async () => {
    const hub = hubWith(200, MODEL);
    const models = [
      { name: "v2", modelId: "chandar-lab/AMPLIFY_120M", revision: "v1" },
      { name: "v3", imageUri: IMAGE, instanceType: "ml.g5.xlarge" },
      { name: "v4", modelDataUrl: "s3://weights/4/" },
    ];

    const { findings } = await run(newAccount(), { models: JSON.stringify(models) }, hub);

    // The quota of new accounts has no such type; v2 and v4 have the type and the maximum of `base`.
    expectAmong(findings, "fault", /^SageMaker has no quota 'ml\.g5\.xlarge for endpoint usage'/, /./);
    expectAmong(findings, "ok", /^'ml\.g6\.2xlarge for endpoint usage' is 4; 4 are needed/);
    const looked = findings.map(({ check }) => check);
    for (const check of ["prebuilt image", "weights in S3"]) expect(looked).to.include(check);
    expect(hub.asked.filter((address) => address.includes("AMPLIFY_120M/revision/v1"))).to.have.length(1);
    expect(hub.asked).to.have.length(2);
  });

  it("asks S3 instead of the hub for weights in S3", async () => {
    const hub = hubWith(200, MODEL);

    const found = await run(newAccount(), { modelDataUrl: "s3://weights/1/" }, hub);

    expect(found.findings.map(({ check }) => check))
      .to.include("weights in S3")
      .and.not.include("model on the hub");
    expect(hub.asked).to.deep.equal([]);
  });

  it("names every fault of the configuration and calls nothing", async () => {
    const account = newAccount();
    const hub = hubWith(200, MODEL);

    const found = await run(account, { instanceType: "ml.m5.xlarge", minCapacity: "5" }, hub);

    expect(found.findings).to.have.lengthOf(2);
    expectAmong(found.findings, "fault", /^instanceType is 'ml\.m5\.xlarge'/, /^pulumi config set instanceType /);
    expectAmong(found.findings, "fault", /^minCapacity is '5'/, /^pulumi config set minCapacity /);
    expect(found).not.to.have.property("account");
    expect([account.calls(), hub.asked]).to.deep.equal([0, []]);
  });

  it("checks only the image in ECR where it is built already", async () => {
    const hub = hubWith(200, MODEL);

    const { findings } = await run(newAccount(), { imageUri: IMAGE }, hub);

    const looked = findings.map(({ check }) => check);
    expect(looked).to.include("prebuilt image");
    expect(looked).not.to.include.members(["image builder"]);
    expect(looked).not.to.include.members(["model on the hub"]);
    expect(hub.asked).to.deep.equal([]);
  });

  it("checks the zones of an isolated network", async () => {
    const own = await run(newAccount(), { network: "isolated" });
    const existing = await run(newAccount(), {
      network: "isolated",
      vpcId: "vpc-01234567",
      subnetIds: "subnet-01234567,subnet-12345678",
      securityGroupIds: "sg-01234567",
    });

    expectAmong(
      own.findings,
      "fault",
      /^com\.amazonaws\.us-east-1\.sagemaker\.runtime is not offered in us-east-1b/,
      /./,
    );
    expectAmong(existing.findings, "ok", /^The subnets are in us-east-1a, us-east-1b\.$/);
  });

  it("asks the builder, but neither ECR nor the hub, where the image is mirrored from another registry", async () => {
    const hub = hubWith(200, MODEL);

    const { findings } = await run(newAccount(), { imageUri: "ghcr.io/owner/model:v1" }, hub);

    const looked = findings.map(({ check }) => check);
    expect(looked).to.include("image builder").and.to.include("disk for the image");
    expect(looked).not.to.include("prebuilt image").and.not.to.include("model on the hub");
    expect(findings.filter(({ level }) => level !== "ok")).to.deep.equal([]);
    expect(hub.asked).to.deep.equal([]);
  });

  it("asks CodeBuild, and not the builder of this machine, where the image is built in the account", async () => {
    const { findings } = await run(newAccount(), { imageBuild: "codebuild" });

    const looked = findings.map(({ check }) => check);
    expect(looked).to.include("build quota").and.to.include("model on the hub");
    expect(looked).not.to.include("image builder");
    expect(findings.filter(({ level }) => level !== "ok")).to.deep.equal([]);
  });

  it("checks the existing roles of the configuration, in the account of the caller", async () => {
    const account = newAccount();
    account.iam.on(GetRoleCommand).rejects(awsError("AccessDenied"));
    account.iam.on(SimulatePrincipalPolicyCommand).rejects(awsError("AccessDenied"));
    const role = "arn:aws:iam::123456789012:role/vep";

    const { findings } = await run(account, {
      executionRoleArn: role,
      functionRoleArn: role,
      encryption: "kms",
    });

    const own = findings.filter(({ check }) => check.endsWith("RoleArn"));
    expect(own.map(({ check, level }) => `${check}: ${level}`)).to.deep.equal([
      ...["executionRoleArn: unknown", "executionRoleArn: unknown"],
      ...["functionRoleArn: unknown", "functionRoleArn: unknown"],
    ]);
    expect(findings.filter(({ level }) => level === "fault")).to.deep.equal([]);
  });

  it("finds that an existing role is in another account", async () => {
    const { findings } = await run(newAccount(), { executionRoleArn: "arn:aws:iam::999999999999:role/vep" });

    expectAmong(findings, "fault", /999999999999:role\/vep is not in account 123456789012/, /Sign in to account 999/);
  });

  it("checks the machine, and lists the other checks, where there are no credentials", async () => {
    const account = newAccount();
    account.sts.on(GetCallerIdentityCommand).rejects(awsError("CredentialsProviderError"));

    const found = await run(account);

    expect(hasNoFault(found)).to.equal(false);
    expectAmong(found.findings, "fault", /no valid AWS credentials/, /aws sso login/);
    expectAmong(found.findings, "ok", /Docker 28/);
    const left = found.findings.filter(({ level }) => level === "unknown").map(({ check }) => check);
    expect(left).to.deep.equal(["endpoint quota", "Lambda concurrency", "instance type offered", "names free"]);
    expect(account.calls()).to.equal(1);
  });

  it("leaves a check open that AWS does not answer, and runs the rest", async () => {
    const account = newAccount();
    account.lambda
      .on(GetAccountSettingsCommand)
      .rejects(awsError("AccessDeniedException", "not authorized to perform"));

    const found = await run(account);

    expectAmong(found.findings, "unknown", /^Not checked: AccessDeniedException/, /Allow this action/);
    expect(found.findings.filter(({ level }) => level === "ok")).to.have.lengthOf(9);
    expect(hasNoFault(found)).to.equal(true);
  });
});

describe("runCheck", () => {
  it("reports a call that failed for another reason than a missing permission", async () => {
    const run = () => Promise.reject(new AggregateError([new Error("connect ECONNREFUSED")]));

    expectFinding(await runCheck({ name: "test", run }), "unknown", /AggregateError.*connect ECONNREFUSED/, /again/);
  });
});

describe("the preflight's report", () => {
  const found: StackFindings = {
    stack: "dev",
    region: "us-east-1",
    account: "123456789012",
    findings: [
      { check: "identity", level: "ok", message: "Somebody." },
      { check: "quota", level: "fault", message: "It is 0.", fix: "ask for more" },
    ],
  };

  it("shows each finding, its fix, and a closing line", () => {
    expect(reportText(found, PREFLIGHT, new Chalk({ level: 0 }))).to.equal(
      [
        "Preflight of stack 'dev' (account 123456789012, us-east-1)",
        "",
        "✓ identity  Somebody.",
        "✗ quota     It is 0.",
        "            fix: ask for more",
        "",
        "Not ready: 1 faults, 0 warnings, 0 not checked.",
      ].join("\n"),
    );
  });

  it("reports a stack with warnings and unknown findings as ready", () => {
    const open: StackFindings = {
      stack: "dev",
      region: "us-east-1",
      findings: [
        { check: "a", level: "warning", message: "W.", fix: "m" },
        { check: "b", level: "unknown", message: "U.", fix: "m" },
      ],
    };

    expect(reportText(open, PREFLIGHT, new Chalk({ level: 0 }))).to.match(
      /\(us-east-1\)[^]*Ready for pulumi up: 0 faults, 1 warnings, 1 not/,
    );
  });

  it("is the same as JSON, with the verdict", () => {
    expect(JSON.parse(reportJson(found))).to.deep.equal({ ...found, ok: false });
  });
});
