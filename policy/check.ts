import type { Rule, Subject, Violation } from "./rule.js";

/** A violation, with its rule. */
export interface Finding extends Violation {
  readonly rule: Rule;
}

/**
 * Checks every resource of a stack with every rule.
 *
 * @returns one finding per violation, in the order of the rules
 */
export function check(rules: readonly Rule[], stack: readonly Subject[]): readonly Finding[] {
  return rules.flatMap((rule) => violations(rule, stack).map((violation) => ({ ...violation, rule })));
}

function violations(rule: Rule, stack: readonly Subject[]): readonly Violation[] {
  if (rule.scope === "stack") return rule.check(stack);
  return stack.flatMap((subject) => rule.check(subject).map((message) => ({ urn: subject.urn, message })));
}
