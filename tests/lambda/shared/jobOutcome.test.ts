import { expect } from "chai";
import { unsent } from "../../../lambda/shared/attempts.js";
import { failed, jobEnvironment, SEQUENCE, ToolsWorld } from "../support/world.js";

describe("a submission that did not end", () => {
  /** A job that the ledger holds in `submitting`, as an interrupted function leaves it. */
  async function interrupted(timeoutSeconds: number, maxAttempts = 5): Promise<{ world: ToolsWorld; id: string }> {
    const world = new ToolsWorld(
      jobEnvironment({ SUBMISSION_TIMEOUT_SECONDS: String(timeoutSeconds), MAX_ATTEMPTS: String(maxAttempts) }),
    );
    const { output_id: id } = await world.submit();
    world.table.items.set(id, { ...unsent(world.job(id)), sent_at: world.job(id).submitted_at, state: "submitting" });
    return { world, id };
  }

  for (const timeout of [60, 900]) {
    it(`is left alone while a function with a time-out of ${timeout} s may still run, and waits for its next attempt after it`, async () => {
      const { world, id } = await interrupted(timeout);

      world.pass(timeout + 1);
      await world.results(id);
      const before = world.job(id);
      world.pass(30);
      await world.results(id);

      expect(before).to.include({ state: "submitting", attempt: 1 });
      expect(world.job(id)).to.include({ state: "waiting", attempt: 2, inference_id: `${id}.2` });
    });
  }

  it("expires if it was its last attempt", async () => {
    const { world, id } = await interrupted(60, 1);

    world.pass(91);
    const data = await world.results(id);

    expect(data.status).to.equal("expired");
    expect(data.reason).to.include("interrupted").and.include("submit again");
  });

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
