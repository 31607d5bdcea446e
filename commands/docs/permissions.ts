import type { PlannedResource } from "../../local/program/runProgram.js";
import { isAnything, WITHOUT_RESOURCE } from "../../policy/rules/privileges.js";
import { policy, type Statement } from "../plan/policy.js";
import { table } from "./markdown.js";
import { generalised } from "./plannedStack.js";

/** The permissions of each role of the planned stack, one row for each statement. */
export function rolePermissions(resources: readonly PlannedResource[]): string {
  return policyTable(
    resources,
    ["role", "statement", "effect", "actions", "resources", "only where"],
    ({ type, name, inputs }) =>
      type === "aws:iam/rolePolicy:RolePolicy"
        ? statementsOf(inputs["policy"]).map((row) => [
            code(name.replace(/(?:-network)?-policy$|-weights-[0-9a-f]{8}$/, "-role")),
            row.Sid ?? "",
            row.Effect,
            list(row.Action),
            list(row.Resource ?? []),
            conditions(row),
          ])
        : [],
  );
}

/**
 * Actions that the roles may call on any resource, each with the page of AWS that forces it.
 *
 * @throws RangeError for an action without such a page
 */
export function unlimitedActions(resources: readonly PlannedResource[]): string {
  const unlimited = resources
    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
    .flatMap(({ inputs }) => statementsOf(inputs["policy"]))
    .filter(({ Effect, Resource = [] }) => Effect === "Allow" && Resource.some(isAnything));
  const actions = [...new Set(unlimited.flatMap(({ Action }) => Action))].sort();
  return table(
    ["action", "statements", "page of AWS"],
    actions.map((action) => {
      const page = WITHOUT_RESOURCE.get(action);
      if (page === undefined) throw new RangeError(`${action} is allowed on any resource, and no page forces it.`);
      const users = unlimited.filter(({ Action }) => Action.includes(action)).map(({ Sid }) => Sid);
      return [code(action), [...new Set(users)].join(", "), `[${page.split("/").at(-1) ?? ""}](${page})`];
    }),
  );
}

/** The trust policy of each role: who may assume it, and under which conditions. */
export function roleTrust(resources: readonly PlannedResource[]): string {
  return policyTable(resources, ["role", "assumed by", "only where"], ({ type, name, inputs }) =>
    type === "aws:iam/role:Role"
      ? statementsOf(inputs["assumeRolePolicy"]).map((row) => [code(name), principals(row), conditions(row)])
      : [],
  );
}

/** The resource policies of buckets, topics, queues, keys and VPC endpoints. */
export function resourcePolicies(resources: readonly PlannedResource[]): string {
  const header = ["resource", "statement", "effect", "who", "actions", "only where"];
  return policyTable(resources, header, ({ type, name, inputs }) =>
    RESOURCES_WITH_POLICY.includes(type)
      ? statementsOf(inputs["policy"]).map((row) => [
          code(name.replace(/-policy$/, "")),
          row.Sid ?? "",
          row.Effect,
          principals(row),
          list(row.Action),
          conditions(row),
        ])
      : [],
  );
}

const RESOURCES_WITH_POLICY = [
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:kms/key:Key",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
];

function policyTable(
  resources: readonly PlannedResource[],
  header: readonly string[],
  rowsOf: (resource: PlannedResource) => readonly (readonly string[])[],
): string {
  const rows = [...resources].sort((a, b) => a.name.localeCompare(b.name)).flatMap(rowsOf);
  return generalised(table(header, rows));
}

function statementsOf(document: unknown): Statement[] {
  return policy.parse(typeof document === "string" ? JSON.parse(document) : document).Statement;
}

function principals({ Principal = "*" }: Statement): string {
  return typeof Principal === "string" ? code(Principal) : list(Object.values(Principal).flat());
}

function conditions({ Condition = {} }: Statement): string {
  return Object.entries(Condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${code(key)} ${operator} ${list(values)}`),
    )
    .join("; ");
}

function list(values: readonly string[]): string {
  return values.map(code).join(", ");
}

function code(text: string): string {
  return `\`${text}\``;
}
