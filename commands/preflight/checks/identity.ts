import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { findingsOf, reasonOf, type Finding } from "../finding.js";

/** The identity that deploys. */
export interface Identity {
  /** The account; absent where there are no credentials. */
  readonly account?: string;
  readonly findings: readonly Finding[];
}

/**
 * Checks the credentials: that there are any, and that they are not those of the account's root user.
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
          "Sign in as a role or user that may deploy, and delete the access keys of the root user.",
        )
      : ok(`${arn}, deploying to account ${account} in ${region}.`);
    return { account, findings: [finding] };
  } catch (error) {
    const fix = "aws configure sso && aws sso login, or export AWS_PROFILE; then aws sts get-caller-identity";
    return { findings: [bad("fault", `There are no valid AWS credentials in ${region}. ${reasonOf(error)}`, fix)] };
  }
}
