import { runSimulation } from "@cloud-copilot/iam-simulate";
import { ACCOUNT, type PlannedStack } from "./plannedStack.js";

/** A request to AWS, and who makes it. */
export interface AccessRequest {
  /** Last part of the role's logical name, such as `-tools-role`; `owner` is an administrator of the account. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request beyond TLS 1.2, which all are assumed to use. */
  readonly context?: Readonly<Record<string, string>>;
}

const POLICY_OF_BUCKET = "aws:s3/bucketPolicy:BucketPolicy";
const ROLE = "aws:iam/role:Role";

const ADMINISTRATOR = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/**
 * Evaluates a request against the policies of a planned stack: those of the role, its boundary, and the bucket's.
 *
 * @returns whether AWS would allow it
 * @throws Error where the request or a policy is malformed, such as an action that AWS does not know
 */
export async function isAllowed(stack: PlannedStack, request: AccessRequest): Promise<boolean> {
  const resourcePolicy = resourcePolicyOf(stack, request.resource);
  const simulation = await runSimulation(
    {
      request: {
        principal: principalArn(request.principal),
        action: request.action,
        resource: { resource: request.resource, accountId: ACCOUNT },
        contextVariables: { "aws:SecureTransport": "true", "s3:TlsVersion": "1.2", ...request.context },
      },
      identityPolicies: [{ name: "policy", policy: identityPolicyOf(stack, request.principal) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    },
    {},
  );
  if (simulation.resultType === "error") throw new Error(JSON.stringify(simulation.errors));
  return simulation.overallResult === "Allowed";
}

/** Whether a service may assume a role, in the name of a resource of an account. */
export async function isAssumable(
  stack: PlannedStack,
  request: { role: string; service: string; sourceAccount: string; sourceArn: string },
): Promise<boolean> {
  const role = stack.one(ROLE, request.role);
  const simulation = await runSimulation(
    {
      request: {
        principal: request.service,
        action: "sts:AssumeRole",
        resource: { resource: principalArn(request.role), accountId: ACCOUNT },
        contextVariables: { "aws:SourceAccount": request.sourceAccount, "aws:SourceArn": request.sourceArn },
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: role.inputs["assumeRolePolicy"],
    },
    {},
  );
  if (simulation.resultType === "error") throw new Error(JSON.stringify(simulation.errors));
  return simulation.overallResult === "Allowed";
}

function principalArn(principal: string): string {
  return principal === "owner"
    ? `arn:aws:iam::${ACCOUNT}:user/owner`
    : `arn:aws:iam::${ACCOUNT}:role/stack${principal}`;
}

function identityPolicyOf({ one }: PlannedStack, principal: string): unknown {
  if (principal === "owner") return ADMINISTRATOR;
  return one("aws:iam/rolePolicy:RolePolicy", principal.replace(/-role$/, "-policy")).inputs["policy"];
}

function resourcePolicyOf({ all }: PlannedStack, resource: string): unknown {
  const bucket = /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1];
  return all(POLICY_OF_BUCKET).find(({ inputs }) => inputs["bucket"] === bucket)?.inputs["policy"];
}
