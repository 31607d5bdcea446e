import { text } from "./outputs.js";
import type { CloudResource, CloudView, Rules } from "./cloudState.js";

const POLICY = "aws:iam/rolePolicy:RolePolicy";

/** Total size of the inline policies of a role, in characters without white space. */
const POLICIES_MAXIMUM = 10_240;

/**
 * Limits of IAM.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const ROLE_RULES: Readonly<Record<string, Rules>> = {
  [POLICY]: { reject: { create: policiesTooLong, update: policiesTooLong } },
};

function policiesTooLong(cloud: CloudView, { id, inputs }: CloudResource): string | undefined {
  const role = text(inputs["role"]);
  const others = cloud.all(POLICY).filter((policy) => policy.inputs["role"] === role && policy.id !== id);
  const size = [inputs, ...others.map((policy) => policy.inputs)].reduce(
    (sum, { policy }) => sum + lengthOf(policy),
    0,
  );
  if (size <= POLICIES_MAXIMUM) return undefined;
  return `putting IAM Role (${role}) Policy: LimitExceeded: Maximum policy size of ${POLICIES_MAXIMUM} bytes exceeded for role ${role}`;
}

/** Length of a policy, which is an object or JSON text. */
function lengthOf(policy: unknown): number {
  const document: unknown = typeof policy === "string" ? JSON.parse(policy) : policy;
  return JSON.stringify(document).length;
}
