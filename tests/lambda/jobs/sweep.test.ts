import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { unsent } from "../../../lambda/shared/attempts.js";
import { LONGEST_JOB_SECONDS } from "../../../contract/limits.js";
import { sweep, type Sweep } from "../../../lambda/jobs/sweep.js";
import { effectsOf } from "../../support/effects.js";
import { awsError, BUCKET, jobEnvironment, SEQUENCE, ToolsWorld } from "../support/world.js";

describe("a sweep", () => {
  let world: ToolsWorld;
  let id: string;

  beforeEach(async () => {
    world = new ToolsWorld();
    id = (await world.submit()).output_id;
  });

  const swept = (leftMs = 60_000): Promise<Sweep> => world.quietly(() => sweep(world.services, () => leftMs));

  /** Puts the job back to `waiting`, as if the queue had no room. */
  function wait(attempt = 1): void {
    world.table.items.set(id, {
      ...unsent(world.job(id)),
      state: "waiting",
      attempt,
      inference_id: `${id}.${attempt}`,
    });
  }

  it("settles a job whose notification was lost, two minutes after its estimated end", async () => {
    world.write(id, "output", effectsOf(SEQUENCE));
    world.pass(100);
    const early = await swept();
    world.pass(60);
    const late = await swept();

    expect(early).to.deep.equal({ settled: 0, sent: 0 });
    expect(late).to.deep.equal({ settled: 1, sent: 0 });
    expect(world.job(id).state).to.equal("completed");
    expect(await swept()).to.deep.equal({ settled: 0, sent: 0 });
  });

  it("leaves a late job alone that has neither result nor failure", async () => {
    world.pass(3_600);

    expect(await swept()).to.deep.equal({ settled: 0, sent: 0 });
    expect(world.job(id)).to.include({ state: "in_progress", attempt: 1 });
  });

  it("starts the next attempt of a job that SageMaker gave up without a word", async () => {
    world.pass(LONGEST_JOB_SECONDS + 1);

    expect(await swept()).to.deep.equal({ settled: 1, sent: 1 });
    expect(world.job(id)).to.include({ state: "in_progress", attempt: 2, inference_id: `${id}.2`, failed_attempts: 1 });
    expect(world.invocations).to.equal(2);
  });

  it("starts the next attempt of an interrupted submission from the stored request", async () => {
    world.table.items.set(id, { ...unsent(world.job(id)), sent_at: world.job(id).submitted_at, state: "submitting" });
    world.pass(91);

    expect(await swept()).to.deep.equal({ settled: 1, sent: 1 });
    expect(world.job(id)).to.include({ state: "in_progress", attempt: 2 });
  });

  it("sends waiting jobs while the queue has room, oldest first", async () => {
    const { output_id: second } = await world.submit({ sequence: `${SEQUENCE}A` });
    world.table.items.set(second, {
      ...world.job(id),
      output_id: second,
      state: "waiting",
      submitted_at: "2026-03-01T12:00:01.000Z",
    });
    world.objects.set(`s3://${BUCKET}/async-inference-input/${second}.json`, { text: "{}", modifiedAt: world.now });
    wait();
    const before = world.invocations;

    expect((await swept()).sent).to.equal(2);
    expect(world.invocations).to.equal(before + 2);
    expect(world.job(id)).to.include({ state: "in_progress", sent_at: world.now.toISOString() });
  });

  it("sends a job once if two sweeps run at the same time", async () => {
    wait();
    const before = world.invocations;

    await world.quietly(() => Promise.all([sweep(world.services, () => 60_000), sweep(world.services, () => 60_000)]));

    expect(world.invocations).to.equal(before + 1);
  });

  it("lets a job wait that the endpoint refuses, and sends it when it accepts jobs again", async () => {
    wait();
    world.refusal = awsError("ThrottlingException");
    expect((await swept()).sent).to.equal(0);
    expect(world.job(id)).to.include({ state: "waiting", attempt: 2 }).and.not.have.property("failed_attempts");

    world.refusal = undefined;
    expect((await swept()).sent).to.equal(1);
    expect(world.job(id)).to.include({ state: "in_progress", attempt: 2 });
  });

  describe("of a job that the model refused because it has another version", () => {
    beforeEach(async () => {
      world.write(id, "failure", { error_code: "OTHER_MODEL_VERSION", message: "this server has another" });
      await world.results(id);
      world.pass(60);
    });

    /** The sweeper after the update, which knows another version. */
    function updated(): ToolsWorld {
      const after = new ToolsWorld(jobEnvironment({ MODEL_VERSION: "sha256:2222" }));
      after.now = world.now;
      after.table.items.set(id, world.job(id));
      return after;
    }

    it("sends it again after five minutes: the update may have gone back", async () => {
      expect((await swept()).sent).to.equal(0);
      expect(world.job(id)).to.include({ state: "waiting", attempt: 2 });

      world.pass(241);
      expect((await swept()).sent).to.equal(1);
      expect(world.job(id)).to.include({ state: "in_progress", attempt: 2 });
    });

    it("ends it when the stack knows the new version, with the reason", async () => {
      const after = updated();

      await after.quietly(() => sweep(after.services, () => 60_000));

      expect(after.job(id)).to.include({
        state: "failed",
        reason: "The model version base was retired or updated before the job was scored; submit again.",
      });
      expect(after.invocations).to.equal(0);
    });

    it("ends it after two hours if the stack never hears of another version", async () => {
      world.pass(7_200);

      expect((await swept()).sent).to.equal(0);

      expect(world.job(id).reason).to.include("retired or updated");
    });

    it("counts its time from the last refusal, and expires like any other", async () => {
      world.pass(241);
      await swept();
      world.pass(LONGEST_JOB_SECONDS + 1);

      expect((await swept()).sent).to.equal(1);

      expect(world.job(id)).to.include({ attempt: 3, failed_attempts: 1 }).and.not.have.property("refused_at");
    });
  });

  it("sends nothing while the endpoint accepts no requests", async () => {
    wait();
    world.endpoint.EndpointStatus = "Failed";
    world.pass(6);

    expect((await swept()).sent).to.equal(0);
    expect(world.job(id)).to.include({ state: "waiting", attempt: 1 });
  });

  it("fails a waiting job whose stored request was deleted, with the reason", async () => {
    wait();
    world.objects.clear();

    expect((await swept()).sent).to.equal(0);
    expect(world.job(id).state).to.equal("failed");
    expect(world.job(id).reason).to.include("submit again");
  });

  it("settles the other jobs if one cannot be settled", async () => {
    const { output_id: other } = await world.submit({ sequence: `${SEQUENCE}A` });
    world.write(id, "output", effectsOf(SEQUENCE));
    world.write(other, "output", effectsOf(`${SEQUENCE}A`));
    world.pass(200);
    world.s3
      .on(ListObjectsV2Command)
      .rejectsOnce(awsError("SlowDown"))
      .callsFake(() => ({ Contents: [] }));

    const { settled } = await swept();

    expect(settled).to.equal(0);
    expect(world.logged).to.include("could not be settled");
    expect([world.job(id).state, world.job(other).state]).to.deep.equal(["in_progress", "in_progress"]);
  });

  it("ends before the time-out of its function", async () => {
    wait();

    expect(await swept(5_000)).to.deep.equal({ settled: 0, sent: 0 });
  });
});
