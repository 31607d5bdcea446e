import { readFileSync } from "node:fs";
import { expect } from "chai";
import { TAGGED_TYPES, tagsArePresent } from "../../policy/rules/tags.js";
import { describeRule, resource } from "./support/cases.js";
import { EXAMPLE_STACKS, planned } from "./support/examples.js";

const topic = (tags?: Record<string, string>) => [resource("aws:sns/topic:Topic", { ...(tags ? { tags } : {}) })];

describeRule(tagsArePresent, {
  holds: [
    { what: "all three tags and more", stack: topic({ Project: "vep", Stack: "dev", ManagedBy: "Pulumi", Team: "x" }) },
    { what: "a resource that takes none", stack: [resource("aws:sns/topicPolicy:TopicPolicy", {})] },
  ],
  broken: [
    { what: "no tags", stack: topic(), says: /Project.*\n.*Stack.*\n.*ManagedBy/ },
    {
      what: "one tag missing",
      stack: topic({ Project: "vep", ManagedBy: "Pulumi" }),
      says: /^Tag Stack is missing\.$/,
    },
    {
      what: "an empty tag",
      stack: topic({ Project: "", Stack: "dev", ManagedBy: "Pulumi" }),
      says: /^Tag Project is missing\.$/,
    },
  ],
});

/** Whether the provider's own types say that a type of resource takes tags. */
function takesTags(type: string): boolean {
  const [, file = ""] = /^aws:([^:]+):/.exec(type) ?? [];
  const [, args = ""] = readFileSync(`node_modules/@pulumi/aws/${file}.d.ts`, "utf8").split(
    /export interface \w+Args \{/,
  );
  return /^ {4}tags\?:/m.test(args);
}

describe("the types that take tags", () => {
  it("take them", () => {
    expect(TAGGED_TYPES.filter((type) => !takesTags(type))).to.deep.equal([]);
  });

  it("are all that the program is made of", async () => {
    const stacks = await Promise.all(EXAMPLE_STACKS.map(planned));
    const used = new Set(stacks.flatMap(({ subjects }) => subjects.map(({ type }) => type)));

    const forgotten = [...used].filter(
      (type) => type.startsWith("aws:") && takesTags(type) && !TAGGED_TYPES.includes(type),
    );

    expect(forgotten).to.deep.equal([]);
  });
});
