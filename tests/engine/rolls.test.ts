import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import type { Deployment } from "./support/deployment.js";
import { describeEngine, fresh } from "./support/engine.js";
import { expectInOrder, expectInStep, lines } from "./support/expect.js";
import { MATRIX } from "./support/matrix.js";

const STACK = "defaults";
const PREFIX = resourcePrefix("protein-agent", STACK);

/** What callers know by its name, and what holds their results and jobs: no roll may make another. */
const LASTING = ["aws:sagemaker/endpoint:Endpoint", "aws:s3/bucket:Bucket", "aws:dynamodb/table:Table"];

describeEngine("a changed setting on a live stack, with the real engine", () => {
  for (const { title, steps, leftBehind = [] } of MATRIX) {
    it(`${title}: the least that must change, and nothing else`, async () => {
      const live = await fresh(STACK);
      const kept = identities(live);
      for (const { settings, calls, order = [] } of steps) {
        await live.set(settings);

        const roll = await live.up();

        expect(roll.messages).to.deep.equal([]);
        expect(roll.failed).to.be.false;
        expect(lines(roll.calls, PREFIX)).to.have.members(calls);
        expectInOrder(lines(roll.calls, PREFIX), order);
        expect(identities(live)).to.deep.equal(kept);
        expectInStep(live, leftBehind);
      }
    });
  }

  it("sees no difference in a resting endpoint", async () => {
    const live = await fresh(STACK);
    // Auto scaling sets the number of instances of the endpoint; its configuration keeps what it was made with.
    live.cloud.only("aws:sagemaker/endpoint:Endpoint").outputs["desiredInstanceCount"] = 0;

    const again = await live.up({ refresh: true });

    expect(again.messages).to.deep.equal([]);
    expect(again.calls).to.deep.equal([]);
  });
});

for (const stackName of ["dev", "prod", "isolated"]) {
  describeEngine(`another instance type in ${stackName}, with the real engine`, () => {
    it("deregisters the variant before the endpoint is updated and registers it after, and is done in one up", async () => {
      const live = await fresh(stackName);
      const prefix = String((await live.outputs())["resourcePrefix"]);
      await live.set({ instanceType: "ml.g5.12xlarge" });

      const roll = await live.up();
      const again = await live.up();

      expect(roll.messages).to.deep.equal([]);
      expectInOrder(lines(roll.calls, prefix), [
        "delete Policy rest",
        "delete Target target",
        "update Endpoint endpoint: endpointConfigName",
        "create Target target",
        "create Policy rest",
        "delete EndpointConfiguration config",
      ]);
      expect(lines(roll.calls, prefix).at(-1)).to.equal("delete EndpointConfiguration config");
      expectInStep(live);
      expect(again.calls).to.deep.equal([]);
    });
  });
}

function identities({ cloud }: Deployment): string[] {
  return LASTING.flatMap((type) => cloud.all(type).map(({ id }) => id));
}
