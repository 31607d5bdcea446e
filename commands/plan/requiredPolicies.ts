import { accountOf } from "../../components/shared/existingRole.js";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram } from "../../local/program/runProgram.js";
import { projectName } from "../../local/program/stackConfig.js";
import { policy, type Policy, type Statement } from "./policy.js";

/** The keys that name existing roles, and the last parts of the logical names of the roles that each one replaces. */
const ROLES = {
  executionRoleArn: ["-endpoint-role"],
  functionRoleArn: [
    "-tools-role",
    "-recorder-role",
    "-sweeper-role",
    "-results-role",
    "-merge-role",
    "-stream-role",
    "-fasta-role",
    "-scan-role",
    "-brake-role",
    "-retrieval-role",
    "-alignment-role",
    "-model-guard-role",
  ],
} as const;

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
    const roles = ROLES[key].flatMap((end) =>
      resources.filter(({ type, name }) => type === "aws:iam/role:Role" && name.endsWith(end)),
    );
    const policies = roles.flatMap((role) =>
      resources.filter(
        ({ type, inputs }) => type === "aws:iam/rolePolicy:RolePolicy" && inputs["role"] === `${role.name}-*`,
      ),
    );
    return {
      key,
      roleArn,
      trust: united(roles.map(({ inputs }) => inputs["assumeRolePolicy"])),
      policy: united(policies.map(({ inputs }) => inputs["policy"])),
    };
  });
}

/** One policy with the statements of several, each once. An id of a statement is unique in a policy. */
function united(documents: readonly unknown[]): Policy {
  const statements = new Map<string, Statement>();
  const ids = new Map<string, number>();
  for (const { Sid, ...content } of documents.flatMap((document) => policy.parse(document).Statement)) {
    const text = JSON.stringify(content);
    if (statements.has(text)) continue;
    const number = (ids.get(Sid ?? "") ?? 0) + 1;
    ids.set(Sid ?? "", number);
    statements.set(text, { ...(Sid === undefined ? {} : { Sid: number > 1 ? `${Sid}${number}` : Sid }), ...content });
  }
  return { Version: "2012-10-17", Statement: [...statements.values()] };
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
