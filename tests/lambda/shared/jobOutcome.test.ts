import { expect } from "chai";
import { failed, SEQUENCE, toolsEnvironment, ToolsWorld } from "../support/world.js";

describe("a submission that did not end", () => {
  /** A job that the ledger holds in `submitting`, as an interrupted function leaves it. */
  async function interrupted(timeoutSeconds: number): Promise<{ world: ToolsWorld; id: string }> {
    const world = new ToolsWorld(toolsEnvironment({ FUNCTION_TIMEOUT_SECONDS: String(timeoutSeconds) }));
    const { output_id: id } = await world.submit();
    world.table.items.set(id, { ...world.job(id), state: "submitting" });
    return { world, id };
  }

  for (const timeout of [3, 30, 900]) {
    it(`is in progress while a function with a time-out of ${timeout} s may still run, and has failed after it`, async () => {
      const { world, id } = await interrupted(timeout);

      world.pass(timeout + 1);
      const before = await world.results(id);
      world.pass(30);
      const after = await world.results(id);

      expect(before.status).to.equal("in_progress");
      expect(after.status).to.equal("failed");
      expect(after.reason).to.include("submit again");
    });
  }

  it("is not submitted a second time while the first call may still run", async () => {
    const { world } = await interrupted(900);

    world.pass(600);
    const again = await world.submit();

    expect(again.status).to.equal("in_progress");
    expect(world.invocations).to.equal(1);
  });

  it("says what to do when the endpoint refused it", async () => {
    const world = new ToolsWorld();
    world.refusal = new TypeError("a fault of ours");
    failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE }));
    const [job] = world.table.items.values();

    const data = await world.results(job?.output_id ?? "");

    expect(data.status).to.equal("failed");
    expect(data.reason).to.include("submit again");
  });
});
