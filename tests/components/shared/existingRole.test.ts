import { expect } from "chai";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const OWN = {
  executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/science/vep-endpoint`,
  functionRoleArn: `arn:aws:iam::${ACCOUNT}:role/vep-tools`,
};

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const names = (stack: PlannedStack, type: string): string[] => stack.all(type).map(({ name }) => name);

describe("Existing roles", () => {
  it("are used as they are: no role and no policy is made", async () => {
    const stack = await planned("default", OWN);

    expect(stack.resources.filter(({ type }) => type.startsWith("aws:iam/"))).to.deep.equal([]);
    expect(stack.one("aws:sagemaker/model:Model").inputs["executionRoleArn"]).to.equal(OWN.executionRoleArn);
    const roles = stack.all("aws:lambda/function:Function").map(({ inputs }) => inputs["role"]);
    expect(roles).to.deep.equal(Array(3).fill(OWN.functionRoleArn));
    expect(stack.outputs["executionRoleArn"]).to.equal(OWN.executionRoleArn);
  });

  for (const [key, made] of [
    ["executionRoleArn", ["tools", "recorder", "sweeper"]],
    ["functionRoleArn", ["endpoint"]],
  ] as const) {
    it(`leave the other roles to the stack where only ${key} is given`, async () => {
      const stack = await planned("default", { [key]: OWN[key], iamPath: "/science/" });

      expect(names(stack, ROLE)).to.have.members(made.map((role) => `protein-agent-default-${role}-role`));
      expect(names(stack, POLICY)).to.have.members(made.map((role) => `protein-agent-default-${role}-policy`));
    });
  }

  const context = { "kms:ViaService": `s3.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };

  it("in another account than the stack's are refused", async () => {
    const elsewhere = OWN.executionRoleArn.replace(ACCOUNT, "999999999999");

    const error: unknown = await planned("default", { executionRoleArn: elsewhere }).catch((reason: unknown) => reason);

    expect(String(error)).to.match(/is in account 999999999999, and the stack in 123456789012.*fix: set executionRole/);
  });

  for (const [settings, principal, expected] of [
    [OWN, OWN.executionRoleArn, true],
    [OWN, OWN.functionRoleArn, true],
    [OWN, `${OWN.functionRoleArn}-2`, false],
    [OWN, `arn:aws:iam::${ACCOUNT}:role/vep-endpoint`, false],
    // The roles that the stack made before: they are in use until the end of the update.
    [OWN, `arn:aws:iam::${ACCOUNT}:role/protein-agent-default-endpoint-role-0a1b2c3`, true],
    [OWN, `arn:aws:iam::${ACCOUNT}:role/protein-agent-default-tools-role-0a1b2c3`, true],
    [OWN, `arn:aws:iam::${ACCOUNT}:role/protein-agent-other-tools-role-0a1b2c3`, false],
    [{ functionRoleArn: OWN.functionRoleArn }, "-endpoint-role", true],
  ] as const) {
    const given = Object.keys(settings).join(" and ");
    it(`${expected ? "let" : "do not let"} ${principal} use the key where ${given} are given`, async () => {
      const stack = await planned("default", { encryption: "kms", ...settings });

      const topic = stack.one("aws:sns/topic:Topic", "-alarms").inputs["kmsMasterKeyId"];
      const request = { principal, action: "kms:Decrypt", resource: String(topic), context };

      expect(await isAllowed(stack, request)).to.equal(expected);
    });
  }
});
