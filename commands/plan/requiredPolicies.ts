import { accountOf } from "../../components/shared/existingRole.js";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram } from "../../local/program/runProgram.js";
import { projectName } from "../../local/program/stackConfig.js";
import { policy, type Policy } from "./policy.js";

/** The keys that name existing roles, and the last part of the logical name of the role that each one replaces. */
const ROLES = { executionRoleArn: "-endpoint-role", functionRoleArn: "-tools-role" } as const;

/** An existing role, and what the stack needs of it. */
export interface RequiredPolicy {
  /** The configuration key that names it. */
  readonly key: keyof typeof ROLES;
  readonly roleArn: string;
  /** Trust policy: which service must be able to assume the role. */
  readonly trust: Policy;
  /** Permissions. `*` stands for the parts of names that the first `pulumi up` generates. */
  readonly policy: Policy;
}

/**
 * The policies that the existing roles of a stack need: those of the roles that the stack would make in their place.
 *
 * @param config namespaced configuration without faults, see `stackConfig`
 * @param region where the stack is deployed
 * @returns an empty list where the configuration names no existing role
 */
export async function requiredPolicies(
  stack: string,
  config: Readonly<Record<string, string>>,
  region: string,
): Promise<readonly RequiredPolicy[]> {
  const existing = existingRoles(config);
  if (existing.length === 0) return [];
  const made = { ...config, ...Object.fromEntries(existing.map(({ key }) => [`${projectName()}:${key}`, ""])) };
  const handlers = plannedHandlers({ region, patterns: true, ...accountOfRoles(config) });
  const { resources } = await runProgram({ stack, config: made, handlers });
  return existing.map(({ key, roleArn }) => {
    const role = resources.find(({ type, name }) => type === "aws:iam/role:Role" && name.endsWith(ROLES[key]));
    const policies = resources.filter(
      ({ type, inputs }) => type === "aws:iam/rolePolicy:RolePolicy" && inputs["role"] === `${role?.name ?? ""}-*`,
    );
    return {
      key,
      roleArn,
      trust: policy.parse(role?.inputs["assumeRolePolicy"]),
      policy: {
        Version: "2012-10-17",
        Statement: policies.flatMap(({ inputs }) => policy.parse(inputs["policy"]).Statement),
      },
    };
  });
}

/** The account of the existing roles, in which the stack must be; no property where the configuration names none. */
export function accountOfRoles(config: Readonly<Record<string, string>>): { readonly account?: string } {
  const [role] = existingRoles(config);
  return role ? { account: accountOf(role.roleArn) } : {};
}

function existingRoles(config: Readonly<Record<string, string>>): Pick<RequiredPolicy, "key" | "roleArn">[] {
  const keys = Object.keys(ROLES) as RequiredPolicy["key"][];
  return keys
    .map((key) => ({ key, roleArn: config[`${projectName()}:${key}`] ?? "" }))
    .filter(({ roleArn }) => roleArn !== "");
}
