import { expect } from "chai";
import { componentDiagram } from "../../../commands/docs/diagram.js";
import { resourcePolicies, rolePermissions, roleTrust, unlimitedActions } from "../../../commands/docs/permissions.js";
import { generalised, wholeStack } from "../../../commands/docs/plannedStack.js";

/** Roles of a service, where there are several: the functions, and what serves and builds each model version. */
const COUNTS: Readonly<Record<string, number>> = { lambda: 15, states: 2, sagemaker: 2, codebuild: 2, "ecs-tasks": 2 };

describe("the permission tables", () => {
  it("contain every statement of every role, without account, region or generated names", async () => {
    const resources = await wholeStack();

    const text = rolePermissions(resources);

    for (const sid of ["StoreRequests", "StartJobs", "PullImage", "AttachToNetwork"]) expect(text).to.include(sid);
    expect(text).to.include("arn:aws:sagemaker:{region}:{account}:endpoint/{prefix}-endpoint");
    expect(text).to.not.match(/\d{12}|us-east-1|-[0-9a-f]{7}\b/);
  });

  it("contain every action on any resource, with the page of AWS that forces it", async () => {
    const resources = await wholeStack();
    const any = { Sid: "Any", Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const policies = resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    const wider = policies.map((policy) => ({
      ...policy,
      inputs: { policy: { Version: "2012-10-17", Statement: [any] } },
    }));

    const rows = unlimitedActions(resources).split("\n").slice(2);

    for (const action of ["ecr:GetAuthorizationToken", "cloudwatch:PutMetricData", "ec2:AssignPrivateIpAddresses"]) {
      expect(rows.filter((row) => row.includes(`\`${action}\``))).to.have.length(1);
    }
    for (const row of rows) expect(row).to.match(/\]\(https:\/\/docs\.aws\.amazon\.com\/.+\.html\)/);
    expect(() => unlimitedActions(wider)).to.throw(RangeError, "s3:GetObject is allowed on any resource");
  });

  it("contain who may assume each role, and the conditions", async () => {
    const rows = roleTrust(await wholeStack())
      .split("\n")
      .slice(2);

    expect(rows).to.have.length(26);
    for (const service of [
      "bedrock-agentcore",
      "codebuild",
      "ecs-tasks",
      "lambda",
      "sagemaker",
      "scheduler",
      "states",
      "vpc-flow-logs",
    ])
      expect(
        rows.filter((row) => row.includes(`${service}.amazonaws.com`) && row.includes("aws:SourceAccount")),
      ).to.have.length(COUNTS[service] ?? 1);
  });

  it("contain the resource policies of buckets, topic, key and VPC endpoints", async () => {
    const text = resourcePolicies(await wholeStack());

    for (const word of [
      "DenyWithoutTls",
      "DeliverAccessLogs",
      "PublishAlarms",
      "UseByTools",
      "GrantToTable",
      "aws:PrincipalAccount",
    ]) {
      expect(text).to.include(word);
    }
  });
});

describe("componentDiagram", () => {
  it("draws every component once, and an arrow for each dependency", async () => {
    const lines = componentDiagram(await wholeStack()).split("\n");

    expect(lines.filter((line) => line.includes('["'))).to.have.length(37);
    expect(lines).to.include("  VariantTools --> AsyncEndpoint");
    expect(lines).to.include("  EndpointScaling --> AsyncEndpoint");
    expect(lines).to.not.include("  AsyncEndpoint --> EndpointScaling");
  });
});

describe("generalised", () => {
  it("keeps what is the same in every stack", () => {
    expect(generalised("s3:GetObject on async-inference-input/")).to.equal("s3:GetObject on async-inference-input/");
    expect(generalised("arn:aws:s3:::protein-agent-default-data-0a1b2c3/x")).to.equal("arn:aws:s3:::{prefix}-data-*/x");
  });
});
