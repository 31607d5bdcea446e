import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { findingsOf, reasonOf, type Finding } from "../finding.js";

/** Who deploys, and where. */
export interface Identity {
  /** Absent where nobody is signed in: then nothing else can be asked. */
  readonly account?: string;
  readonly findings: readonly Finding[];
}

/**
 * Looks at the credentials: whether there are any, whose, and whether they are the account's root.
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
          `Signed in as the root of account ${account}, which no policy limits.`,
          "Sign in as a role or user that may deploy, and put the root's access keys away.",
        )
      : ok(`${arn}, deploying to account ${account} in ${region}.`);
    return { account, findings: [finding] };
  } catch (error) {
    const mend = "aws configure sso && aws sso login, or export AWS_PROFILE; then aws sts get-caller-identity";
    return { findings: [bad("fault", `Nobody is signed in to AWS in ${region}. ${reasonOf(error)}`, mend)] };
  }
}
