import { RunError } from "@pulumi/pulumi";
import type { Place } from "./place.js";

/** The account that an ARN names. */
export function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}

/**
 * Refuses existing roles in another account than the stack's: whoever deploys passes them to SageMaker and Lambda, which
 * is possible within one account only. The account is known only here, not where the configuration is checked.
 *
 * Nothing is computed from the check: a resource whose inputs fail is never registered, and the program would wait for it.
 * It ends the preview, before anything is changed.
 *
 * @param roleArns ARNs; an empty one is no existing role
 * @throws RunError, within the output of the account
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function refuseForeignRoles(roleArns: readonly string[], { account }: Place): void {
  account.apply((own) => {
    const foreign = roleArns.find((arn) => arn !== "" && accountOf(arn) !== own);
    if (foreign === undefined) return;
    throw new RunError(
      `The role ${foreign} is in account ${accountOf(foreign)}, and the stack in ${own}: SageMaker and Lambda take ` +
        `roles of their own account only. fix: set executionRoleArn and functionRoleArn to roles of account ${own}.`,
    );
  });
}
