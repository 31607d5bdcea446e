import { evaluate, requestContext } from "../../support/permissions.js";
import { needsOf, type Need } from "./needs.js";
import { PLACE, text } from "./outputs.js";
import type { CloudView } from "./cloudState.js";
import { CloudError } from "./wire.js";

type Simulation = Parameters<typeof evaluate>[0];

/** Results of the simulator by request and policies: most steps change neither. */
const evaluated = new Map<string, Promise<boolean>>();

/**
 * Evaluates what everything that runs needs against the policies that exist at this moment: those of the role, and of
 * the bucket, key, topic or role that the request is for. Not evaluated are permissions boundaries and the policies of
 * repositories in other accounts: their documents are not resources of the stack.
 *
 * @throws CloudError naming the first right that a running user lacks
 */
export async function checkRights(cloud: CloudView): Promise<void> {
  // Before the first await: the cloud changes while the simulator works.
  const simulations = needsOf(cloud).map((need) => ({ need, simulation: simulationOf(cloud, need) }));
  for (const { need, simulation } of simulations) {
    if (!(await isAllowed(simulation)))
      throw new CloudError(`AccessDenied: ${need.principal} runs, and may not call ${need.action} on ${need.resource}`);
  }
}

function isAllowed(simulation: Simulation): Promise<boolean> {
  const key = JSON.stringify(simulation);
  const result = evaluated.get(key) ?? evaluate(simulation);
  evaluated.set(key, result);
  return result;
}

function simulationOf(cloud: CloudView, { principal, action, resource, context }: Need): Simulation {
  const resourcePolicy = resourcePolicyOf(cloud, resource);
  return {
    request: {
      principal,
      action,
      resource: { resource, accountId: PLACE.account },
      contextVariables: principal.startsWith("arn:") ? { ...requestContext(principal), ...context } : context,
    },
    identityPolicies: identityPoliciesOf(cloud, principal),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resourcePolicy === undefined ? {} : { resourcePolicy: documentOf(resourcePolicy) }),
  };
}

function identityPoliciesOf(cloud: CloudView, principal: string): Simulation["identityPolicies"] {
  const role = cloud.all("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === principal);
  return cloud
    .all("aws:iam/rolePolicy:RolePolicy")
    .filter(({ inputs }) => role !== undefined && inputs["role"] === role.id)
    .map(({ id, inputs }) => ({ name: id, policy: documentOf(inputs["policy"]) }));
}

function resourcePolicyOf(cloud: CloudView, resource: string): unknown {
  const bucket = /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1];
  if (bucket !== undefined) return cloud.find("aws:s3/bucketPolicy:BucketPolicy", bucket)?.inputs["policy"];
  const named = (type: string) => cloud.all(type).find(({ outputs }) => outputs["arn"] === resource)?.inputs;
  return (
    named("aws:kms/key:Key")?.["policy"] ??
    named("aws:iam/role:Role")?.["assumeRolePolicy"] ??
    named("aws:sns/topicPolicy:TopicPolicy")?.["policy"]
  );
}

/** Pulumi takes a policy as an object or as JSON text. */
function documentOf(policy: unknown): unknown {
  return typeof policy === "string" ? JSON.parse(text(policy)) : policy;
}
