import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import type { Deployment } from "./support/deployment.js";
import { describeEngine, fresh } from "./support/engine.js";
import { expectInOrder, expectStateMatchesCloud, lines } from "./support/expect.js";
import { MATRIX } from "./support/matrix.js";
import { RESULT_STORE_ROLL } from "./support/resultStoreRoll.js";

const STACK = "defaults";
const PREFIX = resourcePrefix("protein-agent", STACK);

/** Types that must never be replaced: callers use the endpoint's name, and bucket and table contain results and jobs. */
const NEVER_REPLACED = ["aws:sagemaker/endpoint:Endpoint", "aws:s3/bucket:Bucket", "aws:dynamodb/table:Table"];

describeEngine("a changed setting on a deployed stack, with the real engine", () => {
  for (const { title, steps, retained = [] } of [...MATRIX, RESULT_STORE_ROLL]) {
    it(`changes only what is necessary: ${title}`, async () => {
      const live = await fresh(STACK);
      const before = identities(live);
      for (const { settings, calls, order = [] } of steps) {
        await live.set(settings);

        const roll = await live.up();

        expect(roll.messages).to.deep.equal([]);
        expect(roll.failed).to.be.false;
        expect(lines(roll.calls, PREFIX)).to.have.members(calls);
        expectInOrder(lines(roll.calls, PREFIX), order);
        expect(identities(live)).to.deep.equal(before);
        expectStateMatchesCloud(live, retained);
      }
    });
  }

  it("moves to weights that were overwritten in their folder, with the next up", async () => {
    const live = await fresh(STACK);
    await live.set({ modelDataUrl: "s3://weights/1/" });
    await live.up();
    live.cloud.state.overwritten["weights/1/manifest.json"] = 1;

    const roll = await live.up();
    const again = await live.up();

    expect(roll.messages).to.deep.equal([]);
    expectInOrder(lines(roll.calls, PREFIX), [
      "create Model model",
      "create EndpointConfiguration config",
      "update Endpoint endpoint: endpointConfigName",
      "delete Model model",
    ]);
    expect(lines(roll.calls, PREFIX)).to.include("update Function tools-function: environment");
    expect(again.calls).to.deep.equal([]);
  });

  it("changes nothing after auto scaling has set the number of instances to 0", async () => {
    const live = await fresh(STACK);
    // Auto scaling changes the endpoint; the endpoint configuration keeps its initial number of instances.
    live.cloud.only("aws:sagemaker/endpoint:Endpoint").outputs["desiredInstanceCount"] = 0;

    const again = await live.up({ refresh: true });

    expect(again.messages).to.deep.equal([]);
    expect(again.calls).to.deep.equal([]);
  });
});

for (const stackName of ["dev", "prod", "isolated"]) {
  describeEngine(`another instance type in ${stackName}, with the real engine`, () => {
    it("deregisters the variant before the endpoint's update, registers it afterwards, and needs one up", async () => {
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
      expectStateMatchesCloud(live);
      expect(again.calls).to.deep.equal([]);
    });
  });
}

function identities({ cloud }: Deployment): string[] {
  return NEVER_REPLACED.flatMap((type) => cloud.all(type).map(({ id }) => id));
}
