import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { identity } from "../../../../commands/preflight/checks/identity.js";
import { awsError, expectFinding } from "../support/answers.js";

describe("preflight: identity", () => {
  const sts = mockClient(STSClient);
  const ask = () => identity(new STSClient({}), "eu-west-1");

  beforeEach(() => {
    sts.reset();
  });

  it("reports who deploys, and to which account and region", async () => {
    sts
      .on(GetCallerIdentityCommand)
      .resolves({ Account: "123456789012", Arn: "arn:aws:sts::123456789012:assumed-role/deploy/ci" });

    const { account, findings } = await ask();

    expect(account).to.equal("123456789012");
    expectFinding(findings, "ok", /assumed-role\/deploy\/ci, deploying to account 123456789012 in eu-west-1/);
  });

  it("warns of the account's root user", async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Account: "123456789012", Arn: "arn:aws:iam::123456789012:root" });

    const { account, findings } = await ask();

    expect(account).to.equal("123456789012");
    expectFinding(findings, "warning", /root user of account 123456789012/, /role or user/);
  });

  it("finds that there are no valid credentials, with the reason and the commands", async () => {
    sts.on(GetCallerIdentityCommand).rejects(awsError("ExpiredToken", "The security token is expired"));

    const { account, findings } = await ask();

    expect(account).to.equal(undefined);
    expectFinding(
      findings,
      "fault",
      /no valid AWS credentials.*ExpiredToken: The security token is expired/,
      /aws sso login/,
    );
  });
});
