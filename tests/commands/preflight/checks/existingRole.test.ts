import {
  GetRoleCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  type EvaluationResult,
  type SimulatePrincipalPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { existingRole } from "../../../../commands/preflight/checks/existingRole.js";
import type { Finding } from "../../../../commands/preflight/finding.js";
import type { RequiredPolicy } from "../../../../commands/plan/requiredPolicies.js";
import { awsError, expectAmong, expectFinding } from "../support/answers.js";

const ACCOUNT = "111122223333";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/science/vep-tools`;
const BUCKET = "arn:aws:s3:::vep-data-*";
const OBJECTS = `${BUCKET}/async-inference-input/*`;

const REQUIRED: RequiredPolicy = {
  key: "functionRoleArn",
  roleArn: ROLE,
  trust: trusting("lambda.amazonaws.com", ACCOUNT),
  policy: {
    Version: "2012-10-17",
    Statement: [
      { Sid: "StoreRequests", Effect: "Allow", Action: ["s3:PutObject"], Resource: [OBJECTS] },
      {
        Sid: "FindResults",
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [BUCKET],
        Condition: { StringLike: { "s3:prefix": ["async-inference-input/*", "async-inference-output/*"] } },
      },
      { Sid: "Trace", Effect: "Allow", Action: ["xray:PutTraceSegments"], Resource: ["*"] },
    ],
  },
};

function trusting(service: string, account?: string) {
  const condition = account === undefined ? {} : { Condition: { StringEquals: { "aws:SourceAccount": [account] } } };
  const statement = { Effect: "Allow" as const, Principal: { Service: [service] }, Action: ["sts:AssumeRole"] };
  return { Version: "2012-10-17" as const, Statement: [{ ...statement, ...condition }] };
}

/** The answer of IAM to a simulation: everything is allowed but the given action. */
function answerWithout(action: string, denial: Partial<EvaluationResult> = {}) {
  return ({ ActionNames = [], ResourceArns = [] }: SimulatePrincipalPolicyCommandInput) => ({
    EvaluationResults: ActionNames.map((name) => {
      const denied = name === action;
      const decision = denied ? ("implicitDeny" as const) : ("allowed" as const);
      const result = { EvalActionName: name, EvalDecision: decision, ...(denied ? denial : {}) };
      if (ResourceArns[0] === "*") return result;
      const { PermissionsBoundaryDecisionDetail, MissingContextValues } = result;
      const detail = { PermissionsBoundaryDecisionDetail, MissingContextValues };
      return {
        ...result,
        EvalResourceName: "arn:${Partition}:s3:::${BucketName}",
        ResourceSpecificResults: ResourceArns.map((EvalResourceName) => ({
          EvalResourceName,
          EvalResourceDecision: result.EvalDecision,
          ...detail,
        })),
      };
    }),
  });
}

describe("preflight: an existing role", () => {
  const iam = mockClient(IAMClient);
  const ask = (account = ACCOUNT, role = REQUIRED): Promise<readonly Finding[]> =>
    existingRole(new IAMClient({}), { role, account, region: "eu-west-1", stack: "prod" });
  const trusts = (policy: unknown) =>
    iam
      .on(GetRoleCommand)
      .resolves({ Role: { AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(policy)) } } as object);
  const denies = (action: string, denial?: Partial<EvaluationResult>) =>
    iam.on(SimulatePrincipalPolicyCommand).callsFake(answerWithout(action, denial));
  const simulations = () => iam.commandCalls(SimulatePrincipalPolicyCommand).map(({ args: [{ input }] }) => input);

  beforeEach(() => {
    iam.reset();
    trusts(REQUIRED.trust);
    denies("nothing");
  });

  it("is fine where its service may assume it and it may do everything", async () => {
    const findings = await ask();

    expect(findings.map(({ check, level }) => `${check}: ${level}`)).to.deep.equal([
      "functionRoleArn: ok",
      "functionRoleArn: ok",
    ]);
    expectAmong(findings, "ok", /^lambda\.amazonaws\.com may assume arn:.*vep-tools\.$/);
    expectAmong(findings, "ok", /vep-tools may do the 3 actions that the stack needs\.$/);
    expect(iam.commandCalls(GetRoleCommand)[0]?.args[0].input).to.deep.equal({ RoleName: "vep-tools" });
  });

  it("is simulated on the resources of each statement, with each value of its conditions", async () => {
    await ask();

    const region = { ContextKeyName: "aws:RequestedRegion", ContextKeyValues: ["eu-west-1"], ContextKeyType: "string" };
    const prefix = (value: string) => ({
      ContextKeyName: "s3:prefix",
      ContextKeyValues: [value],
      ContextKeyType: "string",
    });
    const requests = simulations().map(({ ActionNames, ResourceArns, ContextEntries }) => [
      ActionNames,
      ResourceArns,
      ContextEntries,
    ]);
    expect(requests).to.deep.equal([
      [["s3:PutObject"], ["arn:aws:s3:::vep-data-preflight/async-inference-input/preflight"], [region]],
      [["s3:ListBucket"], ["arn:aws:s3:::vep-data-preflight"], [prefix("async-inference-input/preflight"), region]],
      [["s3:ListBucket"], ["arn:aws:s3:::vep-data-preflight"], [prefix("async-inference-output/preflight"), region]],
      [["xray:PutTraceSegments"], ["*"], [region]],
    ]);
    expect(new Set(simulations().map(({ PolicySourceArn }) => PolicySourceArn))).to.deep.equal(new Set([ROLE]));
  });

  it("is simulated on a network interface for all that Lambda makes in a network", async () => {
    const all = `arn:aws:ec2:eu-west-1:${ACCOUNT}:*/*`;
    const attach = { Effect: "Allow" as const, Action: ["ec2:CreateNetworkInterface"], Resource: [all] };
    denies("ec2:CreateNetworkInterface");

    const findings = await ask(ACCOUNT, { ...REQUIRED, policy: { Version: "2012-10-17", Statement: [attach] } });

    expect(simulations()[0]?.ResourceArns).to.deep.equal([
      `arn:aws:ec2:eu-west-1:${ACCOUNT}:network-interface/preflight`,
    ]);
    expectAmong(findings, "fault", /may not do ec2:CreateNetworkInterface on arn:.*:\*\/\*: no policy/, /Attach/);
  });

  it("lacks a permission: names the action, the resource, and the statement to attach", async () => {
    denies("s3:PutObject");

    const findings = await ask();

    const message = `${ROLE} may not do s3:PutObject on ${OBJECTS}: no policy of the role allows it.`;
    const lacking = findings.find((finding) => finding.message === message);
    expect(lacking?.level).to.equal("fault");
    expect(lacking?.fix).to.include(
      `Attach {"Sid":"StoreRequests","Effect":"Allow","Action":["s3:PutObject"],"Resource":["${OBJECTS}"]};`,
    );
    expect(lacking?.fix).to.include("npm run plan -- --stack prod prints the whole policy");
    expect(findings).to.have.lengthOf(2);
  });

  it("lacks a permission that has no resource", async () => {
    denies("xray:PutTraceSegments");

    expectAmong(await ask(), "fault", /may not do xray:PutTraceSegments on \*: no policy/, /"Sid":"Trace"/);
  });

  it("names a permission once, whatever the value of a condition", async () => {
    denies("s3:ListBucket");

    const findings = (await ask()).filter(({ level }) => level === "fault");

    expectFinding(findings, "fault", /may not do s3:ListBucket on arn:aws:s3:::vep-data-\*: no policy/, /"Condition":/);
  });

  for (const [title, denial, message, fix] of [
    ["by a Deny", { EvalDecision: "explicitDeny" }, /: a policy denies it\.$/, /^Remove the Deny/],
    [
      "by the permissions boundary",
      { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
      /: its permissions boundary does not allow it\.$/,
      /^Add to the boundary \{"Sid":"StoreRequests"/,
    ],
    [
      "by the organization",
      { EvalDecision: "explicitDeny", OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
      /: a service control policy of the organization/,
      /^Ask whoever administers the organization/,
    ],
  ] as const) {
    it(`is denied ${title}`, async () => {
      denies("s3:PutObject", denial);

      expectAmong(await ask(), "fault", message, fix);
    });
  }

  it("leaves open what depends on a condition that the check does not know", async () => {
    denies("s3:PutObject", { MissingContextValues: ["aws:SourceVpce"] });

    expectAmong(await ask(), "unknown", /s3:PutObject.* unless a condition on aws:SourceVpce holds/, /Make sure/);
  });

  it("is read page by page", async () => {
    const answer = answerWithout("s3:PutObject");
    iam
      .on(SimulatePrincipalPolicyCommand)
      .callsFake((input: SimulatePrincipalPolicyCommandInput) =>
        input.Marker === undefined ? { IsTruncated: true, Marker: "next" } : answer(input),
      );

    expectAmong(await ask(), "fault", /may not do s3:PutObject/, /Attach/);
  });

  it("in another account is refused without a call", async () => {
    const findings = await ask("999999999999");

    expectFinding(findings, "fault", /is not in account 999999999999/, /Sign in to account 111122223333, or pulumi/);
    expect(iam.calls()).to.deep.equal([]);
  });

  it("that does not exist is not simulated", async () => {
    iam.on(GetRoleCommand).rejects(awsError("NoSuchEntityException"));

    expectFinding(await ask(), "fault", /vep-tools does not exist\.$/, /npm run plan -- --stack prod prints/);
    expect(simulations()).to.deep.equal([]);
  });

  for (const [title, policy] of [
    ["another service", trusting("sagemaker.amazonaws.com", ACCOUNT)],
    ["another account's function", trusting("lambda.amazonaws.com", "999999999999")],
    [
      "nobody, for another action",
      { Statement: [{ ...trusting("lambda.amazonaws.com").Statement[0], Action: "sts:TagSession" }] },
    ],
  ] as const) {
    it(`that trusts ${title} is a fault, with the command that sets the trust policy`, async () => {
      trusts(policy);

      expectAmong(
        await ask(),
        "fault",
        /^lambda\.amazonaws\.com may not assume .*vep-tools for account 111122223333\.$/,
        /^aws iam update-assume-role-policy --role-name vep-tools --policy-document '\{.*"lambda\.amazonaws\.com".*\}'$/,
      );
    });
  }

  it("that trusts the service for any account is a warning", async () => {
    trusts(trusting("lambda.amazonaws.com"));

    expectAmong(await ask(), "warning", /allows lambda\.amazonaws\.com access for any account/, /^aws iam update-/);
  });

  it("says what it cannot check where the caller may not read or simulate the role", async () => {
    iam.on(GetRoleCommand).rejects(awsError("AccessDenied", "not authorized to perform: iam:GetRole"));
    iam.on(SimulatePrincipalPolicyCommand).rejects(awsError("AccessDenied", "not authorized"));

    const findings = await ask();

    expect(findings).to.have.lengthOf(2);
    expectAmong(findings, "unknown", /^Who may assume the role is not checked: AccessDenied/, /Allow iam:GetRole on/);
    expectAmong(
      findings,
      "unknown",
      /^What the role may do is not checked: AccessDenied/,
      /Allow iam:SimulatePrincipalPolicy on .* or compare the role with the policy that npm run plan/,
    );
  });

  it("does not pass for checked where IAM fails", async () => {
    iam.on(SimulatePrincipalPolicyCommand).rejects(awsError("ServiceFailureException"));

    const error = await ask().catch((reason: unknown) => reason);

    expect(error).to.be.instanceOf(Error).with.property("name", "ServiceFailureException");
  });
});
