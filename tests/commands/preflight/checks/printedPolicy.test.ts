import {
  GetRoleCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  type EvaluationResult,
  type SimulatePrincipalPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { existingRole } from "../../../../commands/preflight/checks/existingRole.js";
import type { Finding } from "../../../../commands/preflight/finding.js";
import { requiredPolicies, type RequiredPolicy } from "../../../../commands/plan/requiredPolicies.js";
import { stackConfig } from "../../../../local/program/stackConfig.js";

const ACCOUNT = "111122223333";
const ROLES = {
  executionRoleArn: { network: "isolated", covered: [] },
  // The simulator does not match the `*/*` of EC2, which AWS's examples use: without the network.
  // Of three functions, some permissions cover those of another.
  functionRoleArn: { network: "none", covered: ["FindObjects", "ReadReasons"] },
} as const;

/** Answers a simulation as IAM does, for a role with one policy. */
async function simulated(input: SimulatePrincipalPolicyCommandInput, policy: unknown) {
  const { PolicySourceArn: principal = "", ActionNames = [], ResourceArns = [], ContextEntries = [] } = input;
  const contextVariables = Object.fromEntries(
    ContextEntries.map(({ ContextKeyName = "", ContextKeyValues: [value = ""] = [] }) => [ContextKeyName, value]),
  );
  const decide = async (action: string, resource: string) => {
    const result = await runSimulation(
      {
        request: { principal, action, resource: { resource, accountId: ACCOUNT }, contextVariables },
        identityPolicies: [{ name: "printed", policy }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    if (result.resultType === "error") throw new Error(`${action} ${resource}: ${JSON.stringify(result.errors)}`);
    return result.overallResult === "Allowed" ? ("allowed" as const) : ("implicitDeny" as const);
  };
  const evaluate = async (EvalActionName: string): Promise<EvaluationResult> => ({
    EvalActionName,
    EvalDecision: "allowed",
    ResourceSpecificResults: await Promise.all(
      ResourceArns.map(async (EvalResourceName) => ({
        EvalResourceName,
        EvalResourceDecision: await decide(EvalActionName, EvalResourceName),
      })),
    ),
  });
  return { EvaluationResults: await Promise.all(ActionNames.map(evaluate)) };
}

describe("The policy that npm run plan prints", () => {
  const iam = mockClient(IAMClient);

  const ask = (role: RequiredPolicy, attached: unknown): Promise<readonly Finding[]> => {
    const document = encodeURIComponent(JSON.stringify(role.trust));
    iam.on(GetRoleCommand).resolves({ Role: { AssumeRolePolicyDocument: document } } as object);
    iam
      .on(SimulatePrincipalPolicyCommand)
      .callsFake((input: SimulatePrincipalPolicyCommandInput) => simulated(input, attached));
    return existingRole(new IAMClient({}), { role, account: ACCOUNT, region: "us-east-1", stack: "default" });
  };

  beforeEach(() => iam.reset());

  for (const [key, { covered, ...settings }] of Object.entries(ROLES)) {
    it(`is enough for the preflight of ${key}, and only what others cover can be left out`, async () => {
      const overrides = { encryption: "kms", [key]: `arn:aws:iam::${ACCOUNT}:role/vep`, ...settings };
      const [role] = await requiredPolicies("default", stackConfig({ overrides }), "us-east-1");
      if (!role) throw new RangeError(`No policy is required of ${key}.`);

      const whole = await ask(role, role.policy);
      expect(
        whole.map(({ level }) => level),
        JSON.stringify(whole),
      ).to.deep.equal(["ok", "ok"]);
      const needless: string[] = [];
      for (const left of role.policy.Statement) {
        const Statement = role.policy.Statement.filter((statement) => statement !== left);
        const lacking = (await ask(role, { ...role.policy, Statement })).filter(({ level }) => level === "fault");
        if (lacking.length === 0) needless.push(left.Sid ?? "");
        for (const { fix } of lacking) expect(fix).to.match(/^Attach \{.*"Action"/);
        if (covered.length === 0) expect(lacking[0]?.fix).to.include(`Attach ${JSON.stringify(left)}`);
      }
      expect(needless).to.deep.equal(covered);
    });
  }
});
