/** A principal of a statement: `{kind: "Service", id: "lambda.amazonaws.com"}`; everybody is `{kind: "*", id: "*"}`. */
export interface Principal {
  readonly kind: string;
  readonly id: string;
}

/** One statement of an IAM policy, every field a list. */
export interface Statement {
  /** The statement's id, or its number from 1. */
  readonly label: string;
  readonly allows: boolean;
  /** Everybody if the statement has `NotPrincipal`. */
  readonly principals: readonly Principal[];
  readonly actions: readonly string[];
  /** Whether `actions` are those of `NotAction`. */
  readonly notActions: boolean;
  readonly resources: readonly string[];
  /** Whether `resources` are those of `NotResource`. */
  readonly notResources: boolean;
  readonly conditions: readonly Condition[];
}

/** One test of a statement's condition. */
export interface Condition {
  /** Such as `StringEquals`. */
  readonly operator: string;
  /** In lower case, as IAM compares keys without regard to case: `aws:sourceaccount`. */
  readonly key: string;
  readonly values: readonly string[];
}

/** A value is not an IAM policy. */
export class UnreadablePolicyError extends Error {
  override readonly name = "UnreadablePolicyError";

  constructor(reason: string) {
    super(`A policy cannot be read: ${reason}. Pass a PolicyDocument, or its JSON text.`);
  }
}

const EVERYBODY: Principal = { kind: "*", id: "*" };

/**
 * Reads an IAM policy.
 *
 * @param policy a policy document, or its JSON text
 * @throws UnreadablePolicyError if it is neither
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function statementsOf(policy: unknown): readonly Statement[] {
  const document = typeof policy === "string" ? parsed(policy) : policy;
  if (!isRecord(document) || document["Statement"] === undefined)
    throw new UnreadablePolicyError("it has no Statement");
  return listOf(document["Statement"]).map((statement, index) => {
    if (!isRecord(statement)) throw new UnreadablePolicyError(`statement ${index + 1} is not an object`);
    return statementOf(statement, index);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadablePolicyError("it is not JSON");
  }
}

function statementOf(statement: Record<string, unknown>, index: number): Statement {
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  return {
    label: typeof Sid === "string" && Sid !== "" ? Sid : String(index + 1),
    allows: Effect === "Allow",
    principals: NotPrincipal === undefined ? principalsOf(Principal) : [EVERYBODY],
    actions: textsOf(Action ?? NotAction),
    notActions: NotAction !== undefined,
    resources: textsOf(Resource ?? NotResource),
    notResources: NotResource !== undefined,
    conditions: conditionsOf(Condition),
  };
}

function principalsOf(principal: unknown): Principal[] {
  if (principal === "*") return [EVERYBODY];
  if (!isRecord(principal)) return [];
  return Object.entries(principal).flatMap(([kind, ids]) =>
    // `{"AWS": "*"}` is everybody too, with or without an AWS account.
    textsOf(ids).map((id) => (kind === "AWS" && id === "*" ? EVERYBODY : { kind, id })),
  );
}

function conditionsOf(condition: unknown): Condition[] {
  if (!isRecord(condition)) return [];
  return Object.entries(condition).flatMap(([operator, tests]) =>
    isRecord(tests)
      ? Object.entries(tests).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: textsOf(values) }))
      : [],
  );
}

function textsOf(value: unknown): string[] {
  return listOf(value).map(String);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
