import * as aws from "@pulumi/aws";
import type { PolicyResource, ReportViolation } from "@pulumi/policy";
import { expect } from "chai";
import { check } from "../../policy/check.js";
import { statementsOf, UnreadablePolicyError } from "../../policy/documents.js";
import { RULES } from "../../policy/allRules.js";
import { resourceRule, stackRule } from "../../policy/rule.js";
import { toPolicy } from "../../policy/toPolicy.js";
import { resource } from "./support/cases.js";
import { EXAMPLE_STACKS, planned } from "./support/examples.js";

const WORDS = { name: "test", description: "A test.", severity: "low", fix: "Fix it." } as const;

describe("the rules", () => {
  for (const stack of EXAMPLE_STACKS) {
    it(`hold for the example stack '${stack}'`, async () => {
      const { subjects } = await planned(stack);

      const findings = check(RULES, subjects);

      expect(findings.map(({ rule, urn, message }) => `${rule.name}: ${urn}: ${message}`)).to.deep.equal([]);
    });
  }

  it("each look at something in the example stacks, or at what a stack may lack", async () => {
    const stacks = await Promise.all(EXAMPLE_STACKS.map(planned));
    const used = new Set(stacks.flatMap(({ subjects }) => subjects.map(({ type }) => type)));

    const idle = RULES.filter((rule) => rule.scope === "resource" && !rule.types.some((type) => used.has(type)));

    expect(idle.map(({ name }) => name).filter((name) => !OPTIONAL.includes(name))).to.deep.equal([]);
  });

  it("have names of their own", () => {
    expect(new Set(RULES.map(({ name }) => name))).to.have.lengthOf(RULES.length);
  });

  it("look at types that the provider has", () => {
    const types = new Set(RULES.flatMap((rule) => (rule.scope === "resource" ? rule.types : [])));

    expect([...types].filter((type) => !isProvided(type))).to.deep.equal([]);
  });
});

/** Rules about resources that the example stacks may lack. */
const OPTIONAL = ["queues-are-encrypted"];

function isProvided(type: string): boolean {
  const [, module = "", name = ""] = /^aws:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
  const provided = (aws as unknown as Record<string, Record<string, { __pulumiType?: string } | undefined>>)[module];
  return provided?.[name]?.__pulumiType === type;
}

describe("a rule as the engine runs it", () => {
  it("is mandatory and says how to fix a violation", () => {
    const policy = toPolicy(resourceRule(WORDS, {}));

    expect(policy).to.include({ name: "test", enforcementLevel: "mandatory", remediationSteps: "Fix it." });
  });

  it("reports what is wrong with one resource, and nothing about other types", () => {
    const policy = toPolicy(resourceRule(WORDS, { "aws:sns/topic:Topic": ({ name }) => [`Topic ${String(name)}.`] }));
    const messages: string[] = [];
    if (!("validateResource" in policy) || typeof policy.validateResource !== "function")
      throw new TypeError("no rule");

    for (const type of ["aws:sns/topic:Topic", "aws:sqs/queue:Queue"])
      void policy.validateResource({ ...pulumiResource(type), props: { name: "a" } } as never, (text) =>
        messages.push(text),
      );

    expect(messages).to.deep.equal(["Topic a."]);
  });

  it("sees the resources of a stack with what they refer to", () => {
    const topic = pulumiResource("aws:sns/topic:Topic");
    const policy = pulumiResource("aws:sns/topicPolicy:TopicPolicy", { arn: [topic] });
    const seen: unknown[] = [];
    const rule = toPolicy(
      stackRule(WORDS, (stack) => stack.map(({ urn, references }) => ({ urn, message: JSON.stringify(references) }))),
    );
    const report: ReportViolation = (message, urn) => seen.push([urn, message]);
    if (!("validateStack" in rule)) throw new TypeError("no rule of a stack");

    void rule.validateStack({ resources: [topic, policy] } as never, report);

    expect(seen).to.deep.equal([
      [topic.urn, "{}"],
      [policy.urn, JSON.stringify({ arn: [topic.urn] })],
    ]);
  });
});

function pulumiResource(type: string, propertyDependencies = {}): PolicyResource {
  return { type, name: "r", urn: `urn:${type}::r`, props: {}, propertyDependencies } as unknown as PolicyResource;
}

describe("check", () => {
  it("names the rule and the resource of each violation", () => {
    const rule = resourceRule(WORDS, { "aws:sns/topic:Topic": () => ["One.", "Two."] });
    const topic = resource("aws:sns/topic:Topic", {});

    expect(check([rule], [topic, resource("aws:sqs/queue:Queue", {})])).to.deep.equal([
      { rule, urn: topic.urn, message: "One." },
      { rule, urn: topic.urn, message: "Two." },
    ]);
  });
});

describe("a policy document", () => {
  it("is read alike as text and as an object, single values and lists", () => {
    const statement = {
      Effect: "Allow",
      Principal: { AWS: "1" },
      Action: "a:B",
      Resource: "*",
      Condition: { Bool: { K: true } },
    };

    expect(statementsOf(JSON.stringify({ Statement: [statement] }))).to.deep.equal(
      statementsOf({ Statement: statement }),
    );
    expect(statementsOf({ Statement: statement })).to.deep.equal([
      {
        label: "1",
        allows: true,
        principals: [{ kind: "AWS", id: "1" }],
        actions: ["a:B"],
        notActions: false,
        resources: ["*"],
        notResources: false,
        conditions: [{ operator: "Bool", key: "k", values: ["true"] }],
      },
    ]);
  });

  for (const [what, policy] of [
    ["text that is no JSON", "{"],
    ["an object without statements", {}],
    ["a statement that is no object", { Statement: ["x"] }],
    ["nothing", undefined],
  ] as const) {
    it(`is not ${what}`, () => {
      expect(() => statementsOf(policy)).to.throw(UnreadablePolicyError, "A policy cannot be read");
    });
  }
});
