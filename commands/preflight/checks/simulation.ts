import {
  paginateSimulatePrincipalPolicy,
  type ContextEntry,
  type EvaluationResult,
  type IAMClient,
} from "@aws-sdk/client-iam";
import type { Statement } from "../../plan/policy.js";

/** Why a role may not do something. `condition`: it depends on context keys that the simulation does not know. */
export type DenialReason = "no policy" | "denied" | "boundary" | "organization" | "condition";

/** What a role may not do of one statement that the stack needs. */
export interface Denial {
  readonly reason: DenialReason;
  readonly statement: Statement;
  readonly actions: readonly string[];
  /** As the statement names them. */
  readonly resources: readonly string[];
  /** Context keys that were missing, with reason `condition`. */
  readonly keys: readonly string[];
}

/** One decision of the simulator. */
interface Decision {
  readonly action: string;
  readonly resource: string;
  /** Undefined where it is allowed. */
  readonly reason: DenialReason | undefined;
  readonly keys: readonly string[];
}

/** Stands for a generated part of a name: the simulator needs no resource that exists. */
const SAMPLE = "preflight";

/**
 * Simulates what one statement allows, with a request for each combination of the values of its conditions.
 *
 * @param options.region context key of every request, because service control policies often ask for it
 * @returns one entry for each reason why something is not allowed; empty where all is allowed
 */
export async function denials(
  iam: IAMClient,
  { roleArn, statement, region }: { readonly roleArn: string; readonly statement: Statement; readonly region: string },
): Promise<readonly Denial[]> {
  const patterns = new Map((statement.Resource ?? []).map((resource) => [sampleArn(resource), resource]));
  const decisions: Decision[] = [];
  for (const context of contextsOf(statement)) {
    const request = {
      PolicySourceArn: roleArn,
      ActionNames: statement.Action,
      ResourceArns: [...patterns.keys()],
      ContextEntries: [...context, entry("aws:RequestedRegion", region)],
    };
    for await (const { EvaluationResults: results = [] } of paginateSimulatePrincipalPolicy({ client: iam }, request)) {
      decisions.push(...results.flatMap((result) => decisionsOf(result)));
    }
  }
  const reasons = new Set(decisions.flatMap(({ reason }) => reason ?? []));
  return [...reasons].map((reason) => {
    const denied = decisions.filter((decision) => decision.reason === reason);
    const resources = denied.flatMap(({ resource }) => patterns.get(resource) ?? statement.Resource ?? []);
    return {
      reason,
      statement,
      actions: unique(denied.map(({ action }) => action)),
      resources: unique(resources),
      keys: unique(denied.flatMap(({ keys }) => keys)),
    };
  });
}

/** The decisions by resource; of all resources together where IAM gives none by resource, as for `*`. */
function decisionsOf(result: EvaluationResult): Decision[] {
  const { EvalActionName: action = "", OrganizationsDecisionDetail: organization } = result;
  const byOrganization = organization?.AllowedByOrganizations === false;
  const specific = (result.ResourceSpecificResults ?? []).map((one) => ({
    ...one,
    resource: one.EvalResourceName ?? "",
    decision: one.EvalResourceDecision,
  }));
  const all = { ...result, resource: result.EvalResourceName ?? "", decision: result.EvalDecision };
  return (specific.length > 0 ? specific : [all]).map(
    ({ resource, decision, MissingContextValues: keys = [], PermissionsBoundaryDecisionDetail: boundary }) => {
      const byBoundary = boundary?.AllowedByPermissionsBoundary === false;
      return { action, resource, keys, reason: reasonOf({ decision, byOrganization, byBoundary, keys }) };
    },
  );
}

function reasonOf(result: {
  readonly decision: string | undefined;
  readonly byOrganization: boolean;
  readonly byBoundary: boolean;
  readonly keys: readonly string[];
}): DenialReason | undefined {
  if (result.decision === "allowed") return undefined;
  if (result.byOrganization) return "organization";
  if (result.decision === "explicitDeny") return "denied";
  if (result.byBoundary) return "boundary";
  return result.keys.length > 0 ? "condition" : "no policy";
}

/** Every combination of one value for each context key of a statement. */
function contextsOf({ Condition: conditions = {} }: Statement): ContextEntry[][] {
  const keys = Object.values(conditions).flatMap((tests) => Object.entries(tests));
  return keys.reduce<ContextEntry[][]>(
    (contexts, [key, values]) => contexts.flatMap((one) => values.map((value) => [...one, entry(key, sample(value))])),
    [[]],
  );
}

function entry(key: string, value: string): ContextEntry {
  return { ContextKeyName: key, ContextKeyValues: [value], ContextKeyType: "string" };
}

/** A resource that a pattern covers. `*` alone stays: IAM takes it for actions that have no resource. */
function sampleArn(pattern: string): string {
  // Every resource of EC2 in an account and region: here those that Lambda creates.
  return pattern === "*" ? pattern : sample(pattern.replace(/:\*\/\*$/, ":network-interface/*"));
}

function sample(pattern: string): string {
  return pattern.replaceAll("*", SAMPLE);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
