import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import type { Deployment } from "./support/deployment.js";
import { describeEngine, empty, fresh } from "./support/engine.js";
import { expectInOrder, expectStateMatchesCloud, lines } from "./support/expect.js";
import { addRoles, EXISTING_ROLES, SURROUNDINGS } from "./support/surroundings.js";

const STACK = "defaults";
const PREFIX = resourcePrefix("protein-agent", STACK);
const MODEL = "aws:sagemaker/model:Model";
const FUNCTION = "aws:lambda/function:Function";

/** The steps of a roll that changes the model's role. */
const NEW_MODEL = [
  "create Model model",
  "create EndpointConfiguration config",
  "update Endpoint endpoint: endpointConfigName",
  "delete EndpointConfiguration config",
  "delete Model model",
];

describeEngine("existing roles, with the real engine", () => {
  it("take the place of a live stack's roles, which stay until the endpoint and the function have left them", async () => {
    const live = await fresh(STACK);
    await addRoles(live);
    await live.set(EXISTING_ROLES);

    const there = await live.up();
    const again = await live.up();

    expect(there.messages).to.deep.equal([]);
    const calls = lines(there.calls, PREFIX);
    expectInOrder(calls, [...NEW_MODEL, "delete RolePolicy endpoint-policy", "delete Role endpoint-role"]);
    expectInOrder(calls, [
      "update Function tools-function: role",
      "delete RolePolicy tools-policy",
      "delete Role tools-role",
    ]);
    const others = calls.filter((line) => !line.includes("MetricAlarm") && !NEW_MODEL.includes(line));
    expect(others).to.have.members([
      ...["success", "error"].map((topic) => `update TopicPolicy ${topic}-topic-policy: policy`),
      ...["tools", "recorder", "sweeper"].map((name) => `update Function ${name}-function: role`),
      ...["endpoint", "tools", "recorder", "sweeper"].flatMap((name) => [
        `delete RolePolicy ${name}-policy`,
        `delete Role ${name}-role`,
      ]),
    ]);
    expect(rolesInUse(live)).to.deep.equal(Object.values(EXISTING_ROLES));
    expect(again.calls).to.deep.equal([]);
    expectStateMatchesCloud(live, SURROUNDINGS);

    await live.set({ executionRoleArn: "", functionRoleArn: "" });
    const back = await live.up();

    expect(back.messages).to.deep.equal([]);
    expectInOrder(lines(back.calls, PREFIX), ["create RolePolicy endpoint-policy", ...NEW_MODEL]);
    expectInOrder(lines(back.calls, PREFIX), [
      "create RolePolicy tools-policy",
      "update Function tools-function: role",
    ]);
    expect(rolesInUse(live).join()).to.not.match(/vep-/);
    expect(live.cloud.find("aws:iam/role:Role", "vep-endpoint")).to.not.equal(undefined);
    expectStateMatchesCloud(live, SURROUNDINGS);
  });

  it("are enough for a first up: the endpoint starts with the policy that the plan prints", async () => {
    const stack = await empty(STACK, EXISTING_ROLES);
    await addRoles(stack);

    const up = await stack.up();

    expect(up.messages).to.deep.equal([]);
    expect(up.calls.filter(({ type }) => type.startsWith("aws:iam/"))).to.deep.equal([]);
    expectStateMatchesCloud(stack, SURROUNDINGS);
  });

  it("must exist, and are not made", async () => {
    const stack = await empty(STACK, EXISTING_ROLES);

    const up = await stack.up();

    expect(up.failed).to.be.true;
    expect(up.messages.join("\n")).to.include(`there is no aws:iam/role:Role '${EXISTING_ROLES.executionRoleArn}'`);
  });

  it("of another account are refused by the preview", async () => {
    const stack = await empty(STACK, {
      executionRoleArn: EXISTING_ROLES.executionRoleArn.replace(/\d{12}/, "999999999999"),
    });

    const preview = await stack.preview();

    expect(preview.failed).to.be.true;
    expect(preview.messages.join("\n")).to.match(/is in account 999999999999, and the stack in 123456789012.*fix: set/);
  });
});

function rolesInUse({ cloud }: Deployment): unknown[] {
  const functions = cloud.all(FUNCTION).map(({ inputs }) => inputs["role"]);
  return [cloud.only(MODEL).inputs["executionRoleArn"], ...new Set(functions)];
}
