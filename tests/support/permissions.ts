import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { ACCOUNT, type PlannedStack } from "./plannedStack.js";

/** A request to AWS, and who makes it. */
export interface AccessRequest {
  /**
   * Last part of the role's logical name, such as `-tools-role`; `owner` is an administrator of the account; an ARN is a
   * principal whose own policies allow everything; else a service, such as `cloudwatch.amazonaws.com`.
   */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request beyond those of every request, see `requestContext`. */
  readonly context?: Readonly<Record<string, string>>;
  /** Last part of the logical name of the VPC endpoint that the request goes through. Default: none. */
  readonly through?: string;
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
  const principal = principalArn(stack, request.principal);
  return evaluate({
    request: {
      principal,
      action: request.action,
      resource: { resource: request.resource, accountId: ACCOUNT },
      contextVariables: { ...requestContext(principal), ...request.context },
    },
    identityPolicies: identityPoliciesOf(stack, request.principal),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    ...(request.through === undefined ? {} : { vpcEndpointPolicies: [vpcEndpointPolicyOf(stack, request.through)] }),
  });
}

/** The policy of a key of the account that leaves its use to policies of the account: KMS gives every new key this one. */
const DELEGATED = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" }],
};

/** Condition keys of every request that a principal of this account makes: TLS 1.2, own buckets, and who it is. */
export function requestContext(principal: string): Readonly<Record<string, string>> {
  return {
    "aws:SecureTransport": "true",
    "s3:TlsVersion": "1.2",
    "s3:ResourceAccount": ACCOUNT,
    "aws:PrincipalArn": principal,
    "aws:PrincipalAccount": ACCOUNT,
  };
}

/** Whether a service may assume a role, in the name of a resource of an account. */
export async function isAssumable(
  stack: PlannedStack,
  request: { role: string; service: string; sourceAccount: string; sourceArn: string },
): Promise<boolean> {
  return evaluate({
    request: {
      principal: request.service,
      action: "sts:AssumeRole",
      resource: { resource: principalArn(stack, request.role), accountId: ACCOUNT },
      contextVariables: { "aws:SourceAccount": request.sourceAccount, "aws:SourceArn": request.sourceArn },
    },
    identityPolicies: [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: stack.one(ROLE, request.role).inputs["assumeRolePolicy"],
  });
}

/** Condition keys that the simulator drops, as they hold a name of the request's own, and one that it knows. */
const CONTEXT = [
  /kms:EncryptionContext:(?:aws:(?:logs:arn|states:stateMachineArn)|PARAMETER_ARN)/g,
  "aws:SourceArn",
] as const;

/**
 * Evaluates one request against the given policies.
 *
 * @throws Error where the request or a policy is malformed
 */
export async function evaluate(simulation: Simulation): Promise<boolean> {
  const renamed = JSON.parse(JSON.stringify(simulation).replaceAll(...CONTEXT)) as Simulation;
  const result = await runSimulation(renamed, {});
  if (result.resultType === "error") throw new Error(JSON.stringify(result.errors));
  return result.overallResult === "Allowed";
}

function vpcEndpointPolicyOf({ one }: PlannedStack, nameEnd: string): { name: string; policy: unknown } {
  const { name, inputs } = one("aws:ec2/vpcEndpoint:VpcEndpoint", nameEnd);
  return { name, policy: JSON.parse(String(inputs["policy"])) };
}

function principalArn({ one }: PlannedStack, principal: string): string {
  if (principal.endsWith(".amazonaws.com") || principal.startsWith("arn:")) return principal;
  if (principal === "owner") return `arn:aws:iam::${ACCOUNT}:user/owner`;
  const { inputs, name } = one(ROLE, principal);
  return `arn:aws:iam::${ACCOUNT}:role${String(inputs["path"])}${name}-0a1b2c3`;
}

function identityPoliciesOf({ all, one }: PlannedStack, principal: string): { name: string; policy: unknown }[] {
  if (principal.endsWith(".amazonaws.com")) return [];
  if (principal === "owner" || principal.startsWith("arn:")) return [{ name: "administrator", policy: ADMINISTRATOR }];
  const role = one(ROLE, principal);
  return all("aws:iam/rolePolicy:RolePolicy")
    .filter(({ inputs }) => String(inputs["role"]).startsWith(`${role.name}-`))
    .map(({ name, inputs }) => ({ name, policy: inputs["policy"] }));
}

/** The policy of the stack's key, or one of its topics, queues or buckets; undefined for other resources. */
function resourcePolicyOf({ all }: PlannedStack, resource: string): unknown {
  if (resource.startsWith("arn:aws:kms:")) {
    const [key] = all("aws:kms/key:Key");
    return key ? JSON.parse(String(key.inputs["policy"])) : DELEGATED;
  }
  const topic = all("aws:sns/topicPolicy:TopicPolicy").find(({ inputs }) => inputs["arn"] === resource);
  if (topic) return topic.inputs["policy"];
  if (resource.startsWith("arn:aws:sqs:")) return queuePolicyOf(all("aws:sqs/queuePolicy:QueuePolicy"), resource);
  const bucket = /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1];
  return all(POLICY_OF_BUCKET).find(({ inputs }) => inputs["bucket"] === bucket)?.inputs["policy"];
}

function queuePolicyOf(policies: ReturnType<PlannedStack["all"]>, queueArn: string): unknown {
  const name = queueArn.split(":").at(-1) ?? "";
  const found = policies.find(({ inputs }) => String(inputs["queueUrl"]).endsWith(`/${name}`));
  return found && JSON.parse(String(found.inputs["policy"]));
}
