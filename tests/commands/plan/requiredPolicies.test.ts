import { expect } from "chai";
import { requiredPolicies, type RequiredPolicy } from "../../../commands/plan/requiredPolicies.js";
import { stackConfig } from "../../../local/program/stackConfig.js";
import { planned, statements } from "../../support/plannedStack.js";

const ACCOUNT = "111122223333";
const ENDPOINT = { executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/vep-endpoint` };
const TOOLS = { functionRoleArn: `arn:aws:iam::${ACCOUNT}:role/vep-tools` };

async function required(overrides: Record<string, string>): Promise<readonly RequiredPolicy[]> {
  return requiredPolicies("default", stackConfig({ overrides }), "eu-west-1");
}

/** Sid and resources of every statement. */
async function resources(overrides: Record<string, string>): Promise<Record<string, readonly string[]>> {
  const [only] = await required(overrides);
  return Object.fromEntries((only?.policy.Statement ?? []).map(({ Sid = "", Resource = [] }) => [Sid, Resource]));
}

describe("requiredPolicies", () => {
  it("are none where the stack makes its roles", async () => {
    expect(await required({})).to.deep.equal([]);
  });

  it("have the statements of the roles that the stack would make, in the account of the existing ones", async () => {
    const settings = {
      encryption: "kms",
      network: "isolated",
      resultsCatalog: "true",
      stream: "true",
      fastaDrop: "true",
      scan: "true",
      models: JSON.stringify([{ name: "v2", modelId: "chandar-lab/AMPLIFY_120M" }]),
      modelGuard: "true",
    };
    const made = await planned("default", settings);

    const [endpoint, tools] = await required({ ...settings, ...ENDPOINT, ...TOOLS });

    for (const [roles, found] of [
      [["default-endpoint", "model-v2-endpoint"], endpoint],
      [["tools", "recorder", "sweeper", "results", "merge", "stream", "fasta", "scan", "model-guard"], tools],
    ] as const) {
      const expected = roles
        .flatMap((role) => [`-${role}-network-policy`, `-${role}-policy`])
        .flatMap((name) => statements(made.one("aws:iam/rolePolicy:RolePolicy", name).inputs["policy"]));
      const kept = ({ Sid = "", Action }: { Sid?: string | undefined; Action: unknown }): string =>
        `${Sid.replace(/\d$/, "")} ${String(Action)}`;
      const printed = found?.policy.Statement ?? [];
      expect(new Set(printed.map(kept))).to.deep.equal(new Set(expected.map(kept)));
      expect(new Set(printed.map(({ Sid }) => Sid))).to.have.property("size", printed.length);
    }
    expect([endpoint?.key, endpoint?.roleArn]).to.deep.equal(["executionRoleArn", ENDPOINT.executionRoleArn]);
    expect([tools?.key, tools?.roleArn]).to.deep.equal(["functionRoleArn", TOOLS.functionRoleArn]);
    expect(JSON.stringify([endpoint, tools])).to.not.match(/123456789012|-[0-9a-f]{7}\b/);
  });

  it("name what has a name before the first up, and take a pattern for what is generated", async () => {
    const prefix = "protein-agent-default";

    expect(await resources({ ...TOOLS, encryption: "kms" })).to.deep.include({
      StartJobs: [`arn:aws:sagemaker:eu-west-1:${ACCOUNT}:endpoint/${prefix}-endpoint`],
      StoreRequests: [`arn:aws:s3:::${prefix}-data-*/async-inference-input/*`],
      KeepJobs: [`arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${prefix}-jobs-*`],
    });
    expect(await resources({ ...TOOLS, resultsCatalog: "true" })).to.deep.include({
      ReadEndedJobs: [`arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${prefix}-jobs-*/stream/*`],
    });
    expect(await resources(ENDPOINT)).to.deep.include({
      PullImage: [`arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/${prefix}-image-repository-*`],
      ReadRollbackAlarm: [`arn:aws:cloudwatch:eu-west-1:${ACCOUNT}:alarm:${prefix}-endpoint-bad-image`],
    });
  });

  it("name the bucket and the repository that the configuration names", async () => {
    const imageUri = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/models/vep@sha256:${"0a".repeat(32)}`;

    expect(await resources({ ...ENDPOINT, bucketName: "lab-results", imageUri })).to.deep.include({
      ReadRequests: ["arn:aws:s3:::lab-results/async-inference-input/*"],
      PullImage: [`arn:aws:ecr:us-east-1:${ACCOUNT}:repository/models/vep`],
    });
  });

  it("let only the service of the role assume it, for this account", async () => {
    const [tools] = await required(TOOLS);

    expect(tools?.trust.Statement).to.deep.equal(
      ["async-endpoint-lambda", "recorder", "sweeper"].map((name) => ({
        Effect: "Allow",
        Principal: { Service: ["lambda.amazonaws.com"] },
        Action: ["sts:AssumeRole"],
        Condition: {
          StringEquals: { "aws:SourceAccount": [ACCOUNT] },
          ArnLike: { "aws:SourceArn": [`arn:aws:lambda:eu-west-1:${ACCOUNT}:function:protein-agent-default-${name}`] },
        },
      })),
    );
  });
});
