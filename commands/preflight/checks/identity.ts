import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { findingsOf, isUnreachable, reasonOf, type Finding } from "../finding.js";

/** The identity that deploys. */
export interface Identity {
  /** The account; absent where there are no credentials. */
  readonly account?: string;
  readonly findings: readonly Finding[];
}

/**
 * Checks that AWS can be reached, and the credentials: that there are valid ones, and not those of the account's root user.
 *
 * @param region where the stack is to be deployed
 */
export async function identity(sts: STSClient, region: string): Promise<Identity> {
  const { ok, bad } = findingsOf("identity");
  try {
    const { Account: account = "", Arn: arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    const finding = arn.endsWith(":root")
      ? bad(
          "warning",
          `Signed in as the root user of account ${account}, which no policy limits.`,
          "aws configure sso, as a role or user that may deploy; then delete the access keys of the root user.",
        )
      : ok(`${arn}, deploying to account ${account} in ${region}.`);
    return { account, findings: [finding] };
  } catch (error) {
    return { findings: [bad("fault", ...problemOf(error, region))] };
  }
}

/** What is wrong, and its fix: no connection, credentials that have expired, or none. */
function problemOf(error: unknown, region: string): [message: string, fix: string] {
  const reason = reasonOf(error);
  if (isUnreachable(error)) {
    const fix = `curl -sSI https://sts.${region}.amazonaws.com must answer; for a region of another name: pulumi config set aws:region us-east-1`;
    return [`AWS cannot be reached in ${region}. ${reason}`, fix];
  }
  if (/expired/i.test(reason)) {
    return [
      `The AWS credentials have expired. ${reason}`,
      "aws sso login, or new keys; then aws sts get-caller-identity",
    ];
  }
  const fix = "aws configure sso && aws sso login, or export AWS_PROFILE; then aws sts get-caller-identity";
  return [`There are no valid AWS credentials in ${region}. ${reason}`, fix];
}
