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

  const refused = Object.assign(new Error(""), { code: "ECONNREFUSED" });
  for (const [what, error, message, fix] of [
    [
      "there are no valid credentials",
      awsError("InvalidClientTokenId", "The security token is invalid"),
      /no valid AWS credentials.*InvalidClientTokenId: The security token is invalid/,
      /^aws configure sso && aws sso login/,
    ],
    [
      "the credentials have expired",
      awsError("ExpiredToken", "The security token is expired"),
      /^The AWS credentials have expired\. ExpiredToken: The security token is expired/,
      /^aws sso login/,
    ],
    [
      "the region has no address, or there is no network",
      Object.assign(new Error("getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com"), { code: "ENOTFOUND" }),
      /^AWS cannot be reached in eu-west-1\. .*ENOTFOUND/,
      /^curl -sSI https:\/\/sts\.eu-west-1\.amazonaws\.com must answer.*pulumi config set aws:region/,
    ],
    ["nothing answers", new AggregateError([refused]), /^AWS cannot be reached in eu-west-1/, /^curl -sSI/],
  ] as const) {
    it(`finds that ${what}, with the reason and the commands`, async () => {
      sts.on(GetCallerIdentityCommand).rejects(error);

      const { account, findings } = await ask();

      expect(account).to.equal(undefined);
      expectFinding(findings, "fault", message, fix);
    });
  }
});
