import type { IAMClient } from "@aws-sdk/client-iam";
import { accountOf } from "../../../components/shared/existingRole.js";
import type { RequiredPolicy } from "../../plan/requiredPolicies.js";
import { findingsOf, isDenied, reasonOf, type Finding } from "../finding.js";
import { denials, type Denial } from "./simulation.js";
import { trustFindings } from "./trust.js";

/** An existing role, and the stack that is to use it. */
export interface ExistingRole {
  readonly role: RequiredPolicy;
  /** Account to which the stack is deployed. */
  readonly account: string;
  readonly region: string;
  readonly stack: string;
}

/**
 * Checks an existing role: that it is in the account of the stack, that its service may assume it, and that it may do
 * what the stack needs, as IAM's policy simulator evaluates its policies, its boundary and the organization's.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export async function existingRole(iam: IAMClient, options: ExistingRole): Promise<readonly Finding[]> {
  const { key, roleArn } = options.role;
  const { bad } = findingsOf(key);
  const { account } = options;
  if (accountOf(roleArn) !== account) {
    const message = `${roleArn} is not in account ${account}: SageMaker and Lambda take roles of their own account only.`;
    const fix = `Sign in to account ${accountOf(roleArn)}, or pulumi config set ${key} to a role of account ${account}.`;
    return [bad("fault", message, fix)];
  }
  const trust = await trustFindings(iam, options);
  if (trust === "no role") {
    const message = `${roleArn} does not exist.`;
    const fix = `Create it with the trust policy and the permissions that ${planCommand(options)} prints.`;
    return [bad("fault", message, fix)];
  }
  return [...trust, ...(await permissionFindings(iam, options))];
}

async function permissionFindings(iam: IAMClient, options: ExistingRole): Promise<readonly Finding[]> {
  const { key, roleArn, policy } = options.role;
  const { ok, bad } = findingsOf(key);
  const needed = policy.Statement.filter(({ Effect }) => Effect === "Allow");
  const denied: Denial[] = [];
  try {
    for (const statement of needed) {
      denied.push(...(await denials(iam, { roleArn, statement, region: options.region })));
    }
  } catch (error) {
    if (!isDenied(error)) throw error;
    const fix =
      `Allow iam:SimulatePrincipalPolicy on ${roleArn} for the identity that deploys, or compare the role with the ` +
      `policy that ${planCommand(options)} prints.`;
    return [bad("unknown", `What the role may do is not checked: ${reasonOf(error)}`, fix)];
  }
  if (denied.length > 0) return denied.map((one) => denialFinding(one, options));
  const actions = new Set(needed.flatMap(({ Action }) => Action));
  return [ok(`${roleArn} may do the ${actions.size} actions that the stack needs.`)];
}

function denialFinding({ reason, actions, resources, statement, keys }: Denial, options: ExistingRole): Finding {
  const { key, roleArn } = options.role;
  const { bad } = findingsOf(key);
  const what = `${roleArn} may not do ${actions.join(", ")} on ${resources.join(", ")}`;
  const needed = JSON.stringify({ ...statement, Action: actions, Resource: resources });
  const whole = `${planCommand(options)} prints the whole policy.`;
  switch (reason) {
    case "no policy":
      return bad("fault", `${what}: no policy of the role allows it.`, `Attach ${needed}; ${whole}`);
    case "denied":
      return bad("fault", `${what}: a policy denies it.`, `Remove the Deny, or except ${needed} from it.`);
    case "boundary":
      return bad("fault", `${what}: its permissions boundary does not allow it.`, `Add to the boundary ${needed}.`);
    case "organization":
      return bad(
        "fault",
        `${what}: a service control policy of the organization does not allow it.`,
        `Ask whoever administers the organization to allow ${needed}.`,
      );
    case "condition":
      return bad(
        "unknown",
        `${what} unless a condition on ${keys.join(", ")} holds, which the check does not know.`,
        `Make sure that the condition holds for the service, or attach ${needed}; ${whole}`,
      );
  }
}

function planCommand({ stack }: ExistingRole): string {
  return `npm run plan -- --stack ${stack}`;
}
