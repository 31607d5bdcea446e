import { expect } from "chai";
import type { ResourceType } from "../../../policy/resources.js";
import type { Props, Rule, Subject } from "../../../policy/rule.js";
import { check } from "../../../policy/check.js";

/** A resource of one type with just the given properties, as a rule sees it. */
export function resource<Type extends ResourceType>(
  type: Type,
  props: Partial<Props<Type>> & Readonly<Record<string, unknown>>,
  { name = "resource", references = {} }: Partial<Pick<Subject, "name" | "references">> = {},
): Subject {
  return { type, name, urn: urnOf(type, name), props, references };
}

/** The URN that {@link resource} gives. */
export function urnOf(type: ResourceType, name = "resource"): string {
  return `urn:pulumi:test::amplify-vep::${type}::${name}`;
}

/** One stack that is held against a rule. */
export interface Case {
  /** What is the matter with it. */
  readonly what: string;
  readonly stack: readonly Subject[];
}

/** Declares a test for every stack that keeps a rule, and for every one that breaks it. */
export function describeRule(
  rule: Rule,
  cases: { readonly holds: readonly Case[]; readonly broken: readonly (Case & { readonly says: RegExp })[] },
): void {
  describe(rule.name, () => {
    for (const { what, stack } of cases.holds) {
      it(`holds for ${what}`, () => {
        expect(check([rule], stack).map(({ message }) => message)).to.deep.equal([]);
      });
    }
    for (const { what, stack, says } of cases.broken) {
      it(`is broken by ${what}`, () => {
        const findings = check([rule], stack);

        expect(findings.map(({ message }) => message).join("\n")).to.match(says);
        expect(stack.map(({ urn }) => urn)).to.include.members(findings.map(({ urn }) => urn));
      });
    }
  });
}

/** A value that Pulumi does not know before the update: reading it throws, as in the policy server. */
export function withUnknown<Value extends object>(value: Value, ...unknown: readonly (keyof Value)[]): Value {
  return new Proxy(value, {
    get: (target, key) => {
      if (unknown.includes(key as keyof Value)) throw new UnknownValueError(`${String(key)} can't be known`);
      return Reflect.get(target, key) as unknown;
    },
  });
}

/** Named as the policy library names it, which does not export it. */
class UnknownValueError extends Error {}
