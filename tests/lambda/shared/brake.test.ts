import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { BRAKE_KEY } from "../../../contract/brake.js";
import type { LedgerItem } from "../../../contract/jobs.js";
import { sweep } from "../../../lambda/jobs/sweep.js";
import { unsent } from "../../../lambda/shared/attempts.js";
import { effectsOf } from "../../support/effects.js";
import { failed, jobEnvironment, SEQUENCE, ToolsWorld } from "../support/world.js";

function pull(world: ToolsWorld, on = true): void {
  world.table.items.set(BRAKE_KEY, { output_id: BRAKE_KEY, on } as unknown as LedgerItem);
  // Longer than the state of the brake is cached.
  world.pass(6);
}

function guarded(): ToolsWorld {
  return new ToolsWorld({ ...jobEnvironment(), COST_GUARD: "true" } as ReturnType<typeof jobEnvironment>);
}

describe("a submission while the brake is on", () => {
  it("is refused with BUDGET_EXCEEDED, and nothing is stored or started", async () => {
    const world = guarded();
    pull(world);
    const refused = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE }));

    expect(refused.error_code).to.equal("BUDGET_EXCEEDED");
    expect(refused.message).to.include("vep brake release");
    expect([...world.table.items.keys()]).to.deep.equal([BRAKE_KEY]);
    expect(world.objects.size).to.equal(0);
    expect(world.invocations).to.equal(0);
  });

  it("still answers with the result of an earlier job", async () => {
    const world = guarded();
    const { output_id: id } = await world.submit();
    world.write(id, "output", effectsOf(SEQUENCE));
    pull(world);

    expect(await world.submit()).to.include({ output_id: id, cached: true });
    expect((await world.results(id)).status).to.equal("completed");
  });

  it("does not send what waits, until the brake is released", async () => {
    const world = guarded();
    const { output_id: id } = await world.submit();
    world.table.items.set(id, { ...unsent(world.job(id)), state: "waiting" });
    pull(world);
    await world.quietly(() => sweep(world.services, () => 60_000));
    expect(world.job(id).state).to.equal("waiting");
    expect(world.invocations).to.equal(1);

    pull(world, false);
    await world.quietly(() => sweep(world.services, () => 60_000));
    expect(world.job(id).state).to.equal("in_progress");
  });

  it("asks the ledger for the brake once in five seconds", async () => {
    const world = guarded();
    const asked = (): number => world.table.mock.commandCalls(GetCommand, { Key: { output_id: BRAKE_KEY } }).length;
    await world.submit();
    await world.submit({ sequence: `${SEQUENCE}A` });
    expect(asked()).to.equal(1);

    world.pass(6);
    await world.submit({ sequence: `${SEQUENCE}C` });
    expect(asked()).to.equal(2);
  });
});

describe("a stack without a budget", () => {
  it("never asks for the brake, and is not stopped by one that an earlier budget left", async () => {
    const world = new ToolsWorld();
    pull(world);
    await world.submit();

    expect(world.table.mock.commandCalls(GetCommand, { Key: { output_id: BRAKE_KEY } })).to.have.length(0);
    expect(world.invocations).to.equal(1);
  });
});
