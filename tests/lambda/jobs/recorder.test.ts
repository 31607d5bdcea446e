import { expect } from "chai";
import { unsent } from "../../../lambda/shared/attempts.js";
import { effectsOf } from "../../support/effects.js";
import { notificationOf, recordBatch } from "../support/recorder.js";
import { awsError, jobEnvironment, SEQUENCE, ToolsWorld } from "../support/world.js";

describe("the recorder", () => {
  let world: ToolsWorld;
  let id: string;

  beforeEach(async () => {
    world = new ToolsWorld();
    id = (await world.submit()).output_id;
    world.pass(10);
  });

  it("records a completed job with the time of the event, though nobody asked for it", async () => {
    const eventTime = "2026-03-01T12:00:07.500Z";

    expect(await recordBatch(world, notificationOf(world, id, "Completed", { eventTime }))).to.deep.equal([]);

    expect(world.job(id)).to.include({ state: "completed", completed_at: eventTime });
    expect(world.logged).to.include('"JobsCompleted":1');
  });

  it("records a failed job with the model's own reason, else with SageMaker's", async () => {
    const other = (await world.submit({ sequence: `${SEQUENCE}A` })).output_id;
    world.write(id, "failure", { error_code: "OUT_OF_MEMORY", message: "not even one copy fits" });
    const failureReason = "ClientError: the container was lost";

    await recordBatch(
      world,
      notificationOf(world, id, "Failed", { failureReason }),
      notificationOf(world, other, "Failed", { failureReason }),
    );

    expect(world.job(id)).to.include({ state: "failed", reason: "OUT_OF_MEMORY: not even one copy fits" });
    expect(world.job(other)).to.include({ state: "failed", reason: failureReason });
  });

  it("lets a job wait that the model refused because it has another version, and counts no failure", async () => {
    world.write(id, "failure", { error_code: "OTHER_MODEL_VERSION", message: "this server has another" });

    const failure = notificationOf(world, id, "Failed", { failureReason: "ClientError" });
    expect(await recordBatch(world, failure, failure)).to.deep.equal([]);

    expect(world.job(id))
      .to.include({ state: "waiting", attempt: 2, refused_at: world.now.toISOString() })
      .and.not.have.any.keys("failed_attempts", "reason", "output_location");
    expect(world.logged).to.not.include("JobsFailed");
  });

  it("lets an expired job wait for its next attempt, until the last", async () => {
    await recordBatch(world, notificationOf(world, id, "Expired"));
    expect(world.job(id)).to.include({ state: "waiting", attempt: 2, failed_attempts: 1 });

    const last = new ToolsWorld(jobEnvironment({ MAX_ATTEMPTS: "1" }));
    await last.submit();
    await recordBatch(last, notificationOf(last, id, "Expired"));
    expect(last.job(id)).to.include({ state: "expired", attempt: 1 });
    expect(last.job(id).reason).to.include("Submit again");
  });

  it("lets a job whose instance was stopped wait for its next attempt, until the last", async () => {
    const stopped = { error_code: "SHUTTING_DOWN", message: "The server is shutting down; send the request again." };
    world.write(id, "failure", stopped);
    await recordBatch(world, notificationOf(world, id, "Failed"));
    expect(world.job(id)).to.include({ state: "waiting", attempt: 2, failed_attempts: 1 });
    expect(world.job(id)).to.not.have.property("reason");

    const last = new ToolsWorld(jobEnvironment({ MAX_ATTEMPTS: "1" }));
    await last.submit();
    last.write(id, "failure", stopped);
    await recordBatch(last, notificationOf(last, id, "Failed"));
    expect(last.job(id)).to.include({ state: "failed", attempt: 1 });
    expect(last.job(id).reason).to.include("SHUTTING_DOWN");
  });

  it("records the location of a job whose submission was interrupted after the endpoint accepted it", async () => {
    const message = notificationOf(world, id, "Completed");
    const location = world.job(id).output_location;
    world.table.items.set(id, { ...unsent(world.job(id)), sent_at: world.job(id).submitted_at, state: "submitting" });

    await recordBatch(world, message);

    expect(world.job(id)).to.include({ state: "completed", output_location: location });
  });

  it("changes nothing for a duplicate, in one batch or later", async () => {
    const completed = notificationOf(world, id, "Completed");

    expect(await recordBatch(world, completed, completed)).to.deep.equal([]);
    const once = world.job(id);
    world.pass(60);
    expect(await recordBatch(world, completed, notificationOf(world, id, "Failed"))).to.deep.equal([]);

    expect(world.job(id)).to.deep.equal(once);
    expect(world.logged.split('"JobsCompleted":1')).to.have.length(2);
  });

  it("changes nothing for what comes late about attempt 1 after attempt 2 was started", async () => {
    const late = ["Completed", "Failed", "Expired"].map((status) => notificationOf(world, id, status));
    await recordBatch(world, notificationOf(world, id, "Failed"));
    await world.submit();
    const second = world.job(id);

    expect(second).to.include({ state: "in_progress", attempt: 2 });
    expect(await recordBatch(world, ...late)).to.deep.equal([]);
    expect(world.job(id)).to.deep.equal(second);
  });

  it("changes nothing of a cancelled job", async () => {
    await world.cancel(id);

    expect(await recordBatch(world, notificationOf(world, id, "Completed"))).to.deep.equal([]);
    expect(world.job(id).state).to.equal("cancelled");
  });

  for (const [what, change] of [
    ["an unknown status", { invocationStatus: "Paused" }],
    ["another endpoint", { requestParameters: { endpointName: "another" } }],
    ["an unknown job", { inferenceId: "00000000-0000-8000-8000-000000000000.1" }],
    ["an id of another service", { inferenceId: "a38b2b80-3b4b-4b4b-8b4b-4b4b4b4b4b4b" }],
    ["a time that is none", { eventTime: "yesterday" }],
  ] as const) {
    it(`fails only the message about ${what}, and changes nothing by it`, async () => {
      const good = (await world.submit({ sequence: `${SEQUENCE}A` })).output_id;
      const before = world.job(id);

      const failed = await recordBatch(
        world,
        notificationOf(world, id, "Completed", change),
        notificationOf(world, good, "Completed"),
      );

      expect(failed).to.deep.equal([0]);
      expect(world.job(id)).to.deep.equal(before);
      expect(world.job(good).state).to.equal("completed");
    });
  }

  for (const [what, text] of [
    ["text", "hello"],
    ["null", "null"],
    ["a list", "[]"],
    ["an attempt that was never started", ""],
  ] as const) {
    it(`fails the message that is ${what}`, async () => {
      const message = text === "" ? notificationOf(world, id, "Completed", { inferenceId: `${id}.2` }) : text;

      expect(await recordBatch(world, message)).to.deep.equal([0]);
      expect(world.job(id).state).to.equal("in_progress");
    });
  }

  it("fails a message that AWS did not let it record, and records it when it is delivered again", async () => {
    const message = notificationOf(world, id, "Completed");
    world.table.failNextUpdate = awsError("ThrottlingException");
    const first = await recordBatch(world, message);
    const again = await recordBatch(world, message);

    expect([first, again]).to.deep.equal([[0], []]);
    expect(world.logged).to.include("dynamodb:UpdateItem");
    expect(world.job(id).state).to.equal("completed");
  });

  it("measures the model, so that the next estimate is of this model", async () => {
    const seconds = async (sequence: string): Promise<number> =>
      (Date.parse((await world.submit({ sequence })).estimated_completion_time) - world.now.getTime()) / 1_000;
    const before = await seconds(`${SEQUENCE}A`);
    await world.cancel((await world.list()).jobs[0]?.output_id ?? "");

    // 65 masked copies of 65 residues took 40 s.
    const receivedTime = world.now.toISOString();
    world.pass(40);
    await recordBatch(world, notificationOf(world, id, "Completed", { receivedTime }));
    const after = await seconds(`${SEQUENCE}C`);

    expect(before).to.be.below(10);
    expect(after).to.be.closeTo(40 * (66 / 65) ** 2, 0.1);
  });

  it("does not take the start of an instance for the time of the model", async () => {
    world.endpoint.ProductionVariants = [{ VariantName: "AllTraffic", CurrentInstanceCount: 0 }];
    const cold = (await world.submit({ sequence: `${SEQUENCE}A` })).output_id;
    const receivedTime = world.now.toISOString();
    world.pass(700);

    await recordBatch(world, notificationOf(world, cold, "Completed", { receivedTime }));

    expect([...world.table.items.keys()].filter((key) => key.startsWith("service-times/"))).to.deep.equal([]);
  });

  it("never writes the label or the sequence of a job to its log", async () => {
    world.write(id, "failure", effectsOf(SEQUENCE));
    await recordBatch(world, notificationOf(world, id, "Failed"), "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVS");

    expect(world.logged).to.not.include("MKTVRQ");
  });
});
