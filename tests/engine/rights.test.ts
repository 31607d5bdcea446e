import { expect } from "chai";
import { describeEngine, fresh } from "./support/engine.js";
import { expectInOrder, expectStateMatchesCloud, lines } from "./support/expect.js";

const STACK = "defaults";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const FIRST = { imageUri: `${REGISTRY}/first@sha256:${"1".repeat(64)}` };
const SECOND = { imageUri: `${REGISTRY}/second@sha256:${"1".repeat(64)}` };
const BUILT = { imageUri: "" };

/** Endings of the names of what stays in AWS when the stack leaves it. */
const RETAINED = ["-key", "image-repository", "image-lifecycle", "image-build"];

// After each call, the simulated cloud evaluates the rights of all that runs, and fails the call if one is missing.
describeEngine("the rights of what runs, with the real engine", () => {
  for (const { title, steps } of [
    {
      title: "a customer key, another path of the roles, no customer key, and the first path",
      steps: [{ encryption: "kms" }, { iamPath: "/science/" }, { encryption: "sse-s3" }, { iamPath: "/" }],
    },
    { title: "an image of another repository, of a third, and of the own", steps: [FIRST, SECOND, BUILT] },
  ] as const) {
    it(`are complete at every step: ${title}`, async () => {
      const live = await fresh(STACK);
      for (const settings of steps) {
        await live.set(settings);

        const change = await live.up();

        expect(change.messages).to.deep.equal([]);
        expectStateMatchesCloud(live, RETAINED);
      }
    });
  }

  for (const { title, kind, says } of [
    { title: "is rejected", kind: "rejected", says: "ThrottlingException" },
    { title: "is rolled back", kind: "broken", says: "rolled back" },
  ] as const) {
    it(`are complete when the update of the endpoint ${title}, and at the next up`, async () => {
      const live = await fresh(STACK);
      await live.set(FIRST);
      live.cloud.failOnce({ operation: "update", type: ENDPOINT, kind });

      const failed = await live.up();
      await live.set(SECOND);
      const next = await live.up();

      expect(failed.messages.join("\n")).to.include(says).and.to.not.include("AccessDenied");
      expect(next.messages).to.deep.equal([]);
      expectStateMatchesCloud(live, RETAINED);
    });
  }

  it("end with the key, which is deleted last where data is not retained", async () => {
    const live = await fresh(STACK);
    await live.set({ encryption: "kms", retainData: "false" });
    await live.up();
    await live.set({ encryption: "sse-s3" });

    const change = await live.up();

    expect(change.messages).to.deep.equal([]);
    expectInOrder(lines(change.calls, "protein-agent-defaults"), [
      "update Endpoint endpoint: endpointConfigName",
      "delete EndpointConfiguration config",
      "delete Key key",
    ]);
    expect(change.calls.at(-1)).to.include({ operation: "delete", type: "aws:kms/key:Key" });
  });

  it("change without a replacement of the role, of what has the role, or of the endpoint", async () => {
    const live = await fresh(STACK);
    await live.set(FIRST);

    const { messages, steps } = await live.preview();

    const replaced = steps.filter(({ operation }) => operation === "replace");
    expect(messages).to.deep.equal([]);
    expect(replaced.map(({ type, replacing }) => [type.split(":").at(-1), ...replacing])).to.have.deep.members([
      ["RolePolicy", "policy"],
      ["Model", "primaryContainer"],
      ["EndpointConfiguration", "productionVariants"],
    ]);
  });
});
