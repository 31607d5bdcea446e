import type { Unwrap } from "@pulumi/pulumi";
import type { ResourceArgs, ResourceType } from "./resources.js";

/** One resource, as a rule sees it. */
export interface Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Inputs, and outputs where they are known. Reading what is unknown before the update throws. */
  readonly props: Readonly<Record<string, unknown>>;
  /** URNs of the resources that each property refers to; empty where only values are known. */
  readonly references: Readonly<Record<string, readonly string[]>>;
}

/** A violation of a rule by one resource. */
export interface Violation {
  readonly urn: string;
  /** Names the value and what to change. */
  readonly message: string;
}

/** Name, texts and severity of a rule. */
export interface RuleWords {
  readonly name: string;
  readonly description: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** How to fix a violation. */
  readonly fix: string;
}

/** A rule that checks one resource at a time, before it is created or updated. */
export interface ResourceRule extends RuleWords {
  readonly scope: "resource";
  readonly types: readonly string[];
  /** @returns the violations of the resource, one sentence each */
  readonly check: (subject: Pick<Subject, "type" | "props">) => readonly string[];
}

/** A rule that checks all resources of a stack together. */
export interface StackRule extends RuleWords {
  readonly scope: "stack";
  readonly check: (stack: readonly Subject[]) => readonly Violation[];
}

export type Rule = ResourceRule | StackRule;

/** The resolved inputs of a type of resource. */
export type Props<Type extends ResourceType> = Unwrap<ResourceArgs[Type]>;

type Checks = { readonly [Type in ResourceType]?: (props: Props<Type>) => readonly string[] };

/** Makes a rule from one check per type of resource. */
export function resourceRule(words: RuleWords, checks: Checks): ResourceRule {
  return {
    ...words,
    scope: "resource",
    types: Object.keys(checks),
    check: ({ type, props }) => {
      // The key names the type, so its check takes these props; TypeScript cannot see that through the lookup.
      const check = checks[type as ResourceType] as ((props: unknown) => readonly string[]) | undefined;
      return check?.(props) ?? [];
    },
  };
}

/** Makes a rule from a check of the whole stack. */
export function stackRule(words: RuleWords, check: StackRule["check"]): StackRule {
  return { ...words, scope: "stack", check };
}

/** A resource of a known type. */
export type Typed<Type extends ResourceType> = Subject & { readonly props: Props<Type> };

/** The resources of one type. */
export function ofType<Type extends ResourceType>(stack: readonly Subject[], type: Type): readonly Typed<Type>[] {
  return stack.filter((subject): subject is Typed<Type> => subject.type === type);
}

/** The sentence if a condition does not hold, otherwise nothing. */
export function unless(holds: boolean, sentence: string): readonly string[] {
  return holds ? [] : [sentence];
}
