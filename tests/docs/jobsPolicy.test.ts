import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { expect } from "chai";
import { PLANNED_ACCOUNT as ACCOUNT } from "../../local/program/plannedOutputs.js";
import { statementsOf } from "../../policy/documents.js";
import { planned } from "../support/plannedStack.js";
import { ec2 } from "./support/deploymentCalls.js";

const VALUES: Readonly<Record<string, string>> = {
  ACCOUNT,
  PREFIX: "protein-agent-default",
  PROJECT_NAME: "protein-agent",
  STACK_NAME: "default",
  JOBS_VPC: "vpc-01234567",
};
const OWN = { Project: "protein-agent", Stack: "default" };
const BATCH = `arn:aws:batch:us-east-1:${ACCOUNT}`;
const ALIGNS = "protein-agent-default-aligns";

/** The policy as the guide fills it in. */
function policy(): string {
  const text = readFileSync("examples/deploy-from-ci/jobs-policy.json", "utf8");
  return text.replace(/\b(?:ACCOUNT|PREFIX|PROJECT_NAME|STACK_NAME|JOBS_VPC)\b/g, (word) => VALUES[word] ?? word);
}

function tags(where: "Request" | "Resource", values: Readonly<Record<string, string>> = OWN): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`aws:${where}Tag/${key}`, value]));
}

function role(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

describe("the policy of the deploying role for jobs of AWS Batch", () => {
  const passed = (service: string) => ({ "iam:PassedToService": service });
  const linked = (service: string) => ({ "iam:AWSServiceName": service });
  const group = ec2("security-group");
  const created = { ...tags("Request"), "ec2:CreateAction": "CreateSecurityGroup" };
  for (const [action, resource, context, expected] of [
    ["batch:CreateComputeEnvironment", `${BATCH}:compute-environment/${ALIGNS}`, {}, true],
    ["batch:DeleteComputeEnvironment", `${BATCH}:compute-environment/another`, {}, false],
    ["batch:CreateJobQueue", `${BATCH}:job-queue/${ALIGNS}`, {}, true],
    ["batch:DeleteJobQueue", `${BATCH}:job-queue/another`, {}, false],
    ["batch:RegisterJobDefinition", `${BATCH}:job-definition/${ALIGNS}`, {}, true],
    ["batch:DeregisterJobDefinition", `${BATCH}:job-definition/${ALIGNS}:1`, {}, true],
    ["batch:DeregisterJobDefinition", `${BATCH}:job-definition/another:1`, {}, false],
    ["batch:DescribeJobDefinitions", "*", {}, true],
    ["batch:TerminateJob", `${BATCH}:job/1`, {}, false],
    ["iam:PassRole", role(`${ALIGNS}-role-0a1b2c3`), passed("ecs-tasks.amazonaws.com"), true],
    ["iam:PassRole", role(`${ALIGNS}-start-role-0a1b2c3`), passed("ecs-tasks.amazonaws.com"), true],
    ["iam:PassRole", role("protein-agent-default-steps-role-0a1b2c3"), passed("ecs-tasks.amazonaws.com"), false],
    ["iam:PassRole", role(`${ALIGNS}-role-0a1b2c3`), passed("ec2.amazonaws.com"), false],
    [
      "iam:CreateServiceLinkedRole",
      role("aws-service-role/batch.amazonaws.com/x"),
      linked("batch.amazonaws.com"),
      true,
    ],
    ["iam:CreateServiceLinkedRole", role("aws-service-role/ecs.amazonaws.com/x"), linked("ecs.amazonaws.com"), false],
    ["ec2:CreateSecurityGroup", ec2("vpc"), {}, true],
    ["ec2:CreateSecurityGroup", ec2("vpc").replace("01234567", "12345678"), {}, false],
    ["ec2:CreateSecurityGroup", group, tags("Request"), true],
    ["ec2:CreateSecurityGroup", group, {}, false],
    ["ec2:CreateTags", group, created, true],
    ["ec2:CreateTags", group, tags("Request"), false],
    ["ec2:AuthorizeSecurityGroupEgress", group, tags("Resource"), true],
    ["ec2:DeleteSecurityGroup", group, tags("Resource"), true],
    ["ec2:DeleteSecurityGroup", group, tags("Resource", { ...OWN, Stack: "prod" }), false],
    ["ec2:AuthorizeSecurityGroupIngress", group, tags("Resource"), false],
  ] as const) {
    it(`${expected ? "allows" : "denies"} ${action} on ${resource} ${JSON.stringify(context)}`, async () => {
      const result = await runSimulation(
        {
          request: {
            principal: role("amplify-vep-deploy"),
            action,
            resource: { resource, accountId: ACCOUNT },
            contextVariables: { ...context },
          },
          identityPolicies: [{ name: "jobs", policy: JSON.parse(policy()) as unknown }],
          serviceControlPolicies: [],
          resourceControlPolicies: [],
        },
        {},
      );
      if (result.resultType === "error") throw new Error(JSON.stringify(result.errors));

      expect(result.overallResult === "Allowed").to.equal(expected);
    });
  }

  it("covers the names of what the stack makes", async () => {
    const on = { evidence: "true", alignmentSubnetIds: "subnet-0123456789abcdef0,subnet-0123456789abcdef1" };
    const { resources } = await planned("default", on);
    const made = resources.filter(({ type }) => type.startsWith("aws:batch/"));
    const patterns = statementsOf(policy()).find(({ label }) => label === "JobsOfTheStack")?.resources ?? [];

    expect(made).to.have.length(3);
    for (const { type, inputs } of made) {
      const kind = (type.split(":")[2] ?? "").replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
      const arn = `${BATCH}:${kind}/${String(inputs["name"])}`;
      expect(
        patterns.some((pattern) => arn.startsWith(pattern.replace("*", ""))),
        arn,
      ).to.equal(true);
    }
  });

  it("fits into one managed policy", () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(policy().replace(/\s/g, "").length).to.be.lessThan(6_144);
  });
});
