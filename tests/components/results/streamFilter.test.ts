import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { filterOf, type Filter } from "../../../local/twin/functions/streams/filterCriteria.js";
import { endedJob } from "../../../lambda/results/endedJob.js";
import { notificationOf, recordBatch } from "../../lambda/support/recorder.js";
import { jobEnvironment, SEQUENCE, ToolsWorld } from "../../lambda/support/world.js";
import { planned } from "../../support/plannedStack.js";

/** The filter of the records that Lambda hands to the function. */
async function filter(): Promise<Filter> {
  const { one } = await planned("default", { resultsCatalog: "true" });
  const { inputs } = one("aws:lambda/eventSourceMapping:EventSourceMapping", "-results-stream");
  const [{ pattern }] = (inputs["filterCriteria"] as { filters: [{ pattern: string }] }).filters;
  return filterOf([pattern]);
}

describe("The filter of the ledger's stream", () => {
  it("lets jobs through once they have ended, and no waiting job, label or service time", async () => {
    const world = new ToolsWorld(jobEnvironment({ MAX_ATTEMPTS: "1" }));
    const submit = async (end: string): Promise<string> =>
      (await world.submit({ sequence: `${SEQUENCE}${end}`, name: `protein ${end}`, tags: ["tagged"] })).output_id;
    const [completed, failed, expired, cancelled, running] = [
      await submit("A"),
      await submit("C"),
      await submit("D"),
      await submit("E"),
      await submit("F"),
    ];
    world.pass(10);
    await recordBatch(
      world,
      notificationOf(world, completed, "Completed"),
      notificationOf(world, failed, "Failed", { failureReason: "ClientError: the container was lost" }),
      notificationOf(world, expired, "Expired"),
    );
    await world.cancel(cancelled);
    const items = [...world.table.items.values()];
    const passes = await filter();

    const passed = items.filter((item) => passes({ dynamodb: { NewImage: marshall(item) } }));

    expect(passed.map(({ output_id: id }) => id)).to.have.members([completed, failed, expired, cancelled]);
    expect(passed.map((item) => endedJob.safeParse(item).success)).to.deep.equal([true, true, true, true]);
    const others = items.filter((item) => !passed.includes(item)).map(({ output_id: id }) => id);
    expect(others).to.include(running);
    expect(others.join()).to.include("label/").and.to.include("service-times/");
  });

  it("lets no deletion through, such as that of an item whose time is over", async () => {
    expect((await filter())({ dynamodb: { Keys: marshall({ output_id: "1" }) } })).to.equal(false);
  });
});
