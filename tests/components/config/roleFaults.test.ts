import { expect } from "chai";
import { faults, given } from "./support/configuration.js";

const ENDPOINT = "arn:aws:iam::123456789012:role/science/vep-endpoint";
const TOOLS = "arn:aws:iam::123456789012:role/vep-tools";

describe("The keys of existing roles", () => {
  for (const arn of [ENDPOINT, "arn:aws-us-gov:iam::123456789012:role/a", "arn:aws-cn:iam::123456789012:role/a+b=c"]) {
    it(`take ${arn}`, async () => {
      await given({ executionRoleArn: arn, functionRoleArn: arn });

      expect(faults()).to.deep.equal([]);
    });
  }

  for (const arn of [
    "vep-endpoint",
    "arn:aws:iam::1234:role/vep",
    "arn:aws:iam::123456789012:user/vep",
    "arn:aws:iam::123456789012:role/",
    "arn:aws:iam::123456789012:role/path/",
    "arn:aws:iam::123456789012:role/vep-*",
    "arn:aws:iam::123456789012:role/science*/vep",
    `arn:aws:iam::123456789012:role/${"a".repeat(65)}`,
  ]) {
    it(`refuse '${arn.slice(0, 60)}'`, async () => {
      await given({ functionRoleArn: arn });

      expect(faults().map(({ key, value, fix }) => [key, value, fix])).to.deep.equal([
        ["functionRoleArn", arn, "pulumi config set functionRoleArn arn:aws:iam::123456789012:role/amplify-vep-tools"],
      ]);
    });
  }

  it("say that the ARN of a session is not that of a role", async () => {
    await given({ executionRoleArn: "arn:aws:sts::123456789012:assumed-role/vep/session" });

    expect(faults()[0]?.problem).to.match(/the ARN of an IAM role; this is the ARN of a session/);
  });

  it("exclude the rules for new roles where no role is made", async () => {
    const iamPermissionsBoundary = "arn:aws:iam::123456789012:policy/boundary";
    await given({ executionRoleArn: ENDPOINT, functionRoleArn: TOOLS, iamPath: "/science/", iamPermissionsBoundary });

    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["iamPath", "pulumi config rm iamPath"],
      ["iamPermissionsBoundary", "pulumi config rm iamPermissionsBoundary"],
    ]);
  });

  it("allow the rules for new roles where one role is made", async () => {
    await given({ executionRoleArn: ENDPOINT, iamPath: "/science/" });

    expect(faults()).to.deep.equal([]);
  });

  it("refuse roles of two accounts", async () => {
    await given({ executionRoleArn: ENDPOINT, functionRoleArn: TOOLS.replace("123456789012", "999999999999") });

    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["functionRoleArn", `pulumi config set functionRoleArn ${TOOLS}`],
    ]);
  });
});
