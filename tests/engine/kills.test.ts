import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import type { Call } from "./provider/cloud.js";
import type { Deployment } from "./support/deployment.js";
import { closed, describeEngine, empty, firstUp, fresh } from "./support/engine.js";
import { expectStateMatchesCloud, lines } from "./support/expect.js";
import { recover } from "./support/recover.js";

const STACK = "defaults";
const PREFIX = resourcePrefix("protein-agent", STACK);
const DATA = ["aws:s3/bucket:Bucket", "aws:dynamodb/table:Table"];

/** Another instance type and another image: the longest update of a stack. */
const ROLL = { instanceType: "ml.g5.2xlarge", modelRevision: "0123456789abcdef0123456789abcdef01234567" };

/**
 * Steps at which every test run kills the CLI. With KILLS=all in the environment, as in `npm run kills`, it is killed at
 * every step.
 */
const SELECTED: readonly string[] = [
  "create Bucket data",
  "create RolePolicy endpoint-policy",
  "create Endpoint endpoint",
  "create EndpointConfiguration config",
  "update Image image-build",
  "update Endpoint endpoint",
  "delete Target target",
  "delete Endpoint endpoint",
];

const EVERY_STEP = process.env["KILLS"] === "all";

describeEngine("a CLI that is killed at a step, with the real engine", function () {
  this.timeout("1h");

  it("recovers by the printed commands: first up", async () => {
    const { up } = await firstUp(STACK);

    await killedAtEach(
      up.calls,
      () => empty(STACK),
      async (live, step) => {
        await live.killed("up", step);
        await recover(live);
        const again = await live.up();

        expect(again.messages).to.deep.equal([]);
        expectStateMatchesCloud(live);
      },
    );
  });

  it("recovers by the printed commands, with all results and jobs: an update", async () => {
    const rolled = await deployedWithResults();
    await rolled.set(ROLL);
    const { calls } = await rolled.up();

    await killedAtEach(calls, deployedWithResults, async (live, step) => {
      const before = data(live);
      await live.set(ROLL);
      await live.killed("up", step);
      await recover(live);
      const again = await live.up();

      expect(again.messages).to.deep.equal([]);
      expectStateMatchesCloud(live);
      expect(data(live)).to.deep.equal(before);
      expect(configurations(live)).to.deep.equal(configurations(rolled));
    });
  });

  it("recovers by the printed commands, with all results and jobs: destroy", async () => {
    const destroyed = await deployedWithResults();
    const { calls } = await destroyed.destroy();

    await killedAtEach(calls, deployedWithResults, async (live, step) => {
      const before = data(live);
      await live.killed("destroy", step);
      await recover(live);
      const again = await live.destroy();

      expect(again.messages).to.deep.equal([]);
      expect(live.inState()).to.deep.equal([]);
      expect(data(live)).to.deep.equal(before);
      expect(live.cloud.everything().map(({ name }) => name)).to.have.members(
        destroyed.cloud.everything().map(({ name }) => name),
      );
    });
  });

  it("reads by the printed command a state whose writing was cut", async () => {
    const live = await fresh(STACK);
    const written = await live.exported();

    await repaired(live, ".json.attrs");
    expect(await live.exported()).to.deep.equal(written);
    await repaired(live, ".json");
    expect(await live.exported()).to.have.property("deployment");
    closed(live);
  });
});

/** Cuts a file of the state, which the CLI then refuses to read, and runs the printed command. */
async function repaired(live: Deployment, ending: ".json" | ".json.attrs"): Promise<void> {
  live.cutState(ending);
  expect(await live.exported().catch(String)).to.include("failed to load checkpoint");
  live.repairState();
}

/** Runs a check once per call, each time on a stack of its own, and reports all steps that fail. */
async function killedAtEach(
  calls: readonly Call[],
  prepare: () => Promise<Deployment>,
  check: (live: Deployment, step: (call: Call) => boolean) => Promise<void>,
): Promise<void> {
  const steps = calls.filter((call) => EVERY_STEP || SELECTED.includes(lineOf(call)));
  expect(steps).not.to.deep.equal([]);
  const failures: string[] = [];
  for (const step of steps) {
    const live = await prepare();
    try {
      await check(live, (call) => lineOf(call) === lineOf(step));
      if (EVERY_STEP) console.log(`      recovered after ${lineOf(step)}`);
    } catch (error) {
      failures.push(`${lineOf(step)}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      if (EVERY_STEP) console.log(`      FAILED ${failures.at(-1) ?? ""}`);
    }
    closed(live);
  }
  expect(failures).to.deep.equal([]);
}

/** A call without the properties that it changes, such as `update Endpoint endpoint`. */
function lineOf(call: Call): string {
  return lines([{ ...call, changed: [] }], PREFIX)[0] ?? "";
}

/** A deployed stack with one object in each bucket. */
async function deployedWithResults(): Promise<Deployment> {
  const live = await fresh(STACK);
  for (const { id } of live.cloud.all("aws:s3/bucket:Bucket")) live.cloud.state.objects[id] = ["1.out"];
  return live;
}

function data({ cloud }: Deployment): unknown {
  return { kept: DATA.flatMap((type) => cloud.all(type).map(({ id }) => id)), objects: cloud.state.objects };
}

/** Instance type and image of each endpoint configuration and model. */
function configurations({ cloud }: Deployment): unknown {
  return {
    variants: cloud
      .all("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
      .map(({ inputs }) => (inputs["productionVariants"] as { instanceType: string }[]).map((one) => one.instanceType)),
    containers: cloud.all("aws:sagemaker/model:Model").map(({ inputs }) => inputs["primaryContainer"]),
  };
}
