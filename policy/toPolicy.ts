import type { Policies, PolicyResource } from "@pulumi/policy";
import type { Rule, RuleWords, Subject } from "./rule.js";

type PulumiPolicy = Policies[number];

/** A rule in the form that the Pulumi engine runs; every rule is mandatory. */
export function toPolicy(rule: Rule): PulumiPolicy {
  if (rule.scope === "stack") {
    return {
      ...wordsOf(rule),
      validateStack: ({ resources }, report) => {
        for (const { message, urn } of rule.check(resources.map(subjectOf))) report(message, urn);
      },
    };
  }
  return {
    ...wordsOf(rule),
    validateResource: (resource, report) => {
      for (const message of rule.check(resource)) report(message);
    },
  };
}

function wordsOf({ name, description, severity, fix }: RuleWords) {
  return { name, description, severity, remediationSteps: fix, enforcementLevel: "mandatory" } as const;
}

function subjectOf({ type, name, urn, props, propertyDependencies }: PolicyResource): Subject {
  const references = Object.entries(propertyDependencies).map(
    ([property, resources]) => [property, resources.map((resource) => resource.urn)] as const,
  );
  return { type, name, urn, props, references: Object.fromEntries(references) };
}
