import { expect } from "chai";
import { checkConfiguration } from "../../../commands/local/checkConfiguration.js";
import { twinConfig } from "../../../local/twin/twinConfig.js";

describe("twinConfig", () => {
  it("moves existing roles to the twin's account, so that a stack of any account runs in it", async () => {
    const roles = { executionRoleArn: "arn:aws:iam::999999999999:role/science/vep" };

    expect(twinConfig("dev", roles)).to.include({
      "amplify-vep:executionRoleArn": "arn:aws:iam::123456789012:role/science/vep",
      "amplify-vep:minCapacity": "0",
      "aws:region": "us-east-1",
    });
    await checkConfiguration("dev", roles);
  });

  it("leaves every other value as it is, so that its fault is reported", () => {
    const values = {
      executionRoleArn: "999999999999:role/vep",
      iamPermissionsBoundary: "arn:aws:iam::999999999999:policy/boundary",
    };

    expect(twinConfig("default", values)).to.include({
      "amplify-vep:executionRoleArn": values.executionRoleArn,
      "amplify-vep:iamPermissionsBoundary": values.iamPermissionsBoundary,
    });
  });
});
