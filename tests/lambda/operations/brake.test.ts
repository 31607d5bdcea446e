import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { BRAKE_KEY, type BrakeAction, type BrakeState } from "../../../contract/brake.js";
import { createBrake } from "../../../lambda/operations/brake.js";
import { BrakeStore } from "../../../lambda/operations/brakeStore.js";
import { readBrakeSettings } from "../../../lambda/operations/settings.js";
import { budgetMessage } from "../../support/budgetMessage.js";
import { toolsContext, ToolsWorld } from "../support/world.js";

const ENVIRONMENT = {
  JOB_TABLE_NAME: "jobs",
  SCALABLE_RESOURCE_ID: "endpoint/e/variant/AllTraffic",
  BUDGET_NAME: "stack-budget",
  MIN_CAPACITY: "1",
  MAX_CAPACITY: "4",
  BRAKE_CAPACITY: "0",
};

/** A version that may run, and one that keeps two instances. */
const VERSIONS = JSON.stringify([
  { name: "v2", resourceId: "endpoint/v2/variant/AllTraffic", min: 0, max: 3 },
  { name: "v3", resourceId: "endpoint/v3/variant/AllTraffic", min: 2, max: 2 },
]);

/** Limits as a scalable target in memory has them. */
interface Target {
  readonly ResourceId?: string;
  readonly MinCapacity?: number;
  readonly MaxCapacity?: number;
}

/** The function of the brake, with the table of a world and scalable targets in memory. */
class BrakeWorld extends ToolsWorld {
  readonly scaling = mockClient(ApplicationAutoScalingClient);
  readonly targets = new Map<string, Target>([
    [
      ENVIRONMENT.SCALABLE_RESOURCE_ID,
      { ResourceId: ENVIRONMENT.SCALABLE_RESOURCE_ID, MinCapacity: 1, MaxCapacity: 4 },
    ],
  ]);
  readonly #brake;

  constructor(changes: Partial<typeof ENVIRONMENT> & { BRAKE_VERSIONS?: string } = {}) {
    super();
    const settings = readBrakeSettings({ ...ENVIRONMENT, ...changes });
    this.scaling.on(RegisterScalableTargetCommand).callsFake((input: { ResourceId: string }) => {
      this.targets.set(input.ResourceId, input);
      return {};
    });
    this.scaling.on(DescribeScalableTargetsCommand).callsFake(({ ResourceIds }: { ResourceIds: string[] }) => ({
      ScalableTargets: ResourceIds.flatMap((id) => this.targets.get(id) ?? []),
    }));
    const scaling = new ApplicationAutoScalingClient({});
    const store = new BrakeStore(this.clients.documents, scaling, settings.jobTableName);
    this.#brake = createBrake({ settings, store, telemetry: this.services.telemetry, now: () => this.now });
  }

  /** The limits of `base`. */
  get target(): Target | undefined {
    return this.targets.get(ENVIRONMENT.SCALABLE_RESOURCE_ID);
  }

  /** The limits of every scalable target. */
  get limits(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.targets].map(([id, { MinCapacity, MaxCapacity }]) => [
        id.split("/")[1] ?? "",
        [MinCapacity, MaxCapacity],
      ]),
    );
  }

  async ask(action: BrakeAction): Promise<BrakeState> {
    return (await this.quietly(() => this.#brake({ action }, toolsContext()))) as BrakeState;
  }

  async deliver(...bodies: string[]): Promise<string[]> {
    const Records = bodies.map((body, index) => ({ messageId: String(index), body }));
    const event = { Records } as unknown as SQSEvent;
    const answer = (await this.quietly(() => this.#brake(event, toolsContext()))) as SQSBatchResponse;
    return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }
}

describe("the brake", () => {
  let world: BrakeWorld;

  beforeEach(() => {
    world = new BrakeWorld();
  });

  afterEach(() => {
    world.scaling.restore();
  });

  it("is off before anybody pulled it", async () => {
    expect(await world.ask("show")).to.deep.equal({
      on: false,
      changed_at: "",
      reason: "",
      min_capacity: 1,
      max_capacity: 4,
    });
  });

  it("is pulled by the message of the budget: no new jobs, and the instances of the brake", async () => {
    expect(await world.deliver(budgetMessage("stack-budget"))).to.deep.equal([]);

    expect(world.table.items.get(BRAKE_KEY)).to.include({ on: true, reason: "the budget of the month is used up" });
    expect(world.target).to.deep.include({
      ServiceNamespace: "sagemaker",
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      ResourceId: "endpoint/e/variant/AllTraffic",
      MinCapacity: 0,
      MaxCapacity: 0,
      SuspendedState: { DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true },
    });
  });

  it("keeps the configured number of instances", async () => {
    world = new BrakeWorld({ BRAKE_CAPACITY: "1" });
    await world.deliver(budgetMessage("stack-budget"));

    expect(world.target).to.include({ MinCapacity: 1, MaxCapacity: 1 });
  });

  it("keeps its first reason when the message comes again", async () => {
    await world.deliver(budgetMessage("stack-budget"));
    const first = await world.ask("show");
    world.pass(3_600);
    await world.deliver(budgetMessage("stack-budget"));

    expect(await world.ask("show")).to.deep.equal(first);
  });

  it("is not pulled by a message about another budget, which stays in the queue", async () => {
    expect(await world.deliver(budgetMessage("other-budget"), "")).to.deep.equal(["0", "1"]);

    expect(world.table.items.size).to.equal(0);
    expect(world.target).to.include({ MinCapacity: 1, MaxCapacity: 4 });
  });

  it("stops submissions even if the number of instances cannot be changed, and is tried again", async () => {
    world.scaling.on(RegisterScalableTargetCommand).rejects(new Error("throttled"));

    expect(await world.deliver(budgetMessage("stack-budget"))).to.deep.equal(["0"]);
    expect(world.table.items.get(BRAKE_KEY)).to.include({ on: true });
  });

  it("is released with the capacities of the configuration, and scaling and schedules go on", async () => {
    await world.ask("pull");
    const state = await world.ask("release");

    expect(state).to.include({ on: false, reason: "released by hand", min_capacity: 1, max_capacity: 4 });
    expect(world.target).to.deep.include({
      SuspendedState: { DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false },
    });
  });

  it("applies changed capacities while it is off, and its own while it is on", async () => {
    expect(await world.ask("apply")).to.include({ on: false, min_capacity: 1, max_capacity: 4 });
    await world.ask("pull");
    expect(await world.ask("apply")).to.include({ on: true, min_capacity: 0, max_capacity: 0 });
  });

  it("limits every model version, starts none, and gives each its own capacities back", async () => {
    world = new BrakeWorld({ BRAKE_VERSIONS: VERSIONS, BRAKE_CAPACITY: "1" });
    await world.deliver(budgetMessage("stack-budget"));

    expect(world.limits).to.deep.equal({ e: [1, 1], v2: [0, 1], v3: [1, 1] });
    for (const target of world.targets.values()) {
      expect(target).to.deep.include({
        SuspendedState: { DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true },
      });
    }
    expect((await world.ask("release")).versions).to.deep.equal([
      { name: "base", min_capacity: 1, max_capacity: 4 },
      { name: "v2", min_capacity: 0, max_capacity: 3 },
      { name: "v3", min_capacity: 2, max_capacity: 2 },
    ]);
    expect(world.limits).to.deep.equal({ e: [1, 4], v2: [0, 3], v3: [2, 2] });
  });

  it("stops every version at a floor of zero", async () => {
    world = new BrakeWorld({ BRAKE_VERSIONS: VERSIONS });
    await world.ask("pull");

    expect(world.limits).to.deep.equal({ e: [0, 0], v2: [0, 0], v3: [0, 0] });
  });

  it("limits the other versions where one cannot be changed, and is tried again", async () => {
    world = new BrakeWorld({ BRAKE_VERSIONS: VERSIONS });
    world.scaling
      .on(RegisterScalableTargetCommand, { ResourceId: "endpoint/v2/variant/AllTraffic" })
      .rejects(new Error("no such variant"));

    expect(await world.deliver(budgetMessage("stack-budget"))).to.deep.equal(["0"]);
    expect(world.limits).to.deep.equal({ e: [0, 0], v3: [0, 0] });
  });

  it("stays on where a release cannot change a version", async () => {
    world = new BrakeWorld({ BRAKE_VERSIONS: VERSIONS });
    await world.ask("pull");
    world.scaling
      .on(RegisterScalableTargetCommand, { ResourceId: "endpoint/v2/variant/AllTraffic" })
      .rejects(new Error("throttled"));

    const refused = await world.ask("release").then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.an("error");
    expect(await world.ask("show")).to.include({ on: true });
  });

  it("refuses an action that it does not know", async () => {
    const refused = await world.ask("burn" as BrakeAction).then(
      () => undefined,
      (error: unknown) => error,
    );

    expect(refused).to.be.an("error");
  });

  it("names every variable that cannot be used", () => {
    expect(() => readBrakeSettings({ ...ENVIRONMENT, MIN_CAPACITY: "many", BUDGET_NAME: "" })).to.throw(
      "BUDGET_NAME, MIN_CAPACITY",
    );
    for (const BRAKE_VERSIONS of ["v2", '[{"name":"v2"}]']) {
      expect(() => readBrakeSettings({ ...ENVIRONMENT, BRAKE_VERSIONS })).to.throw("BRAKE_VERSIONS");
    }
  });
});
