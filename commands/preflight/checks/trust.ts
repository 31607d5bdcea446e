import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { check } from "../../../policy/check.js";
import { statementsOf, type Statement } from "../../../policy/documents.js";
import { noConfusedDeputy } from "../../../policy/rules/trust.js";
import type { RequiredPolicy } from "../../plan/requiredPolicies.js";
import { findingsOf, isDenied, reasonOf, type Finding } from "../finding.js";

/**
 * Checks the trust policy of an existing role: its service may assume it, on behalf of this account only. Conditions on
 * `aws:SourceArn` are not evaluated: AWS does not document the ARN that SageMaker sends.
 *
 * @returns `no role` where the role does not exist
 */
export async function trustFindings(
  iam: IAMClient,
  { role: { key, roleArn, trust }, account }: { readonly role: RequiredPolicy; readonly account: string },
): Promise<readonly Finding[] | "no role"> {
  const { ok, bad } = findingsOf(key);
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  const found = await trustPolicyOf(iam, name);
  if (found === "no role") return found;
  if ("error" in found) {
    const fix = `Allow iam:GetRole on ${roleArn} for the identity that deploys, or compare its trust policy by hand.`;
    return [bad("unknown", `Who may assume the role is not checked: ${reasonOf(found.error)}`, fix)];
  }
  const services = [...new Set(statementsOf(trust).flatMap(({ principals }) => principals.map(({ id }) => id)))];
  const fix = `aws iam update-assume-role-policy --role-name ${name} --policy-document '${JSON.stringify(trust)}'`;
  const lacking = services.filter(
    (service) => !statementsOf(found.policy).some((statement) => letsAssume(statement, service, account)),
  );
  if (lacking.length > 0) {
    return [bad("fault", `${lacking.join(", ")} may not assume ${roleArn} for account ${account}.`, fix)];
  }
  const subject = { type: "aws:iam/role:Role", name, urn: roleArn, references: {} };
  const open = check([noConfusedDeputy], [{ ...subject, props: { assumeRolePolicy: found.policy } }]);
  if (open.length > 0)
    return open.map(({ message }) => bad("warning", `The trust policy of ${roleArn}: ${message}`, fix));
  return [ok(`${services.join(", ")} may assume ${roleArn}.`)];
}

async function trustPolicyOf(
  iam: IAMClient,
  name: string,
): Promise<"no role" | { readonly error: unknown } | { readonly policy: string }> {
  try {
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    return { policy: decodeURIComponent(role?.AssumeRolePolicyDocument ?? "") };
  } catch (error) {
    if (isDenied(error)) return { error };
    if (error instanceof Error && error.name.startsWith("NoSuchEntity")) return "no role";
    throw error;
  }
}

function letsAssume(statement: Statement, service: string, account: string): boolean {
  const { allows, actions, notActions, principals, conditions } = statement;
  return (
    allows &&
    !notActions &&
    actions.some((action) => ["sts:assumerole", "sts:*", "*"].includes(action.toLowerCase())) &&
    principals.some(({ id, kind }) => kind === "*" || (kind === "Service" && id === service)) &&
    conditions.every(({ key, values }) => key !== "aws:sourceaccount" || values.includes(account))
  );
}
