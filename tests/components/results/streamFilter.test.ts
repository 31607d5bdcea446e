import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { endedJob } from "../../../lambda/results/endedJob.js";
import { notificationOf, recordBatch } from "../../lambda/support/recorder.js";
import { jobEnvironment, SEQUENCE, ToolsWorld } from "../../lambda/support/world.js";
import { planned } from "../../support/plannedStack.js";

/**
 * Whether an event matches a pattern of exact values.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(value);
  return Object.entries(pattern as object).every(
    ([key, part]) =>
      typeof value === "object" && value !== null && matches(part, (value as Record<string, unknown>)[key]),
  );
}

/** The pattern of the records that Lambda hands to the function. */
async function filter(): Promise<unknown> {
  const { one } = await planned("default", { resultsCatalog: "true" });
  const { inputs } = one("aws:lambda/eventSourceMapping:EventSourceMapping", "-results-stream");
  const [{ pattern }] = (inputs["filterCriteria"] as { filters: [{ pattern: string }] }).filters;
  return JSON.parse(pattern);
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
    const pattern = await filter();

    const passed = items.filter((item) => matches(pattern, { dynamodb: { NewImage: marshall(item) } }));

    expect(passed.map(({ output_id: id }) => id)).to.have.members([completed, failed, expired, cancelled]);
    expect(passed.map((item) => endedJob.safeParse(item).success)).to.deep.equal([true, true, true, true]);
    const others = items.filter((item) => !passed.includes(item)).map(({ output_id: id }) => id);
    expect(others).to.include(running);
    expect(others.join()).to.include("label/").and.to.include("service-times/");
  });

  it("lets no deletion through, such as that of an item whose time is over", async () => {
    expect(matches(await filter(), { dynamodb: { Keys: marshall({ output_id: "1" }) } })).to.equal(false);
  });
});
