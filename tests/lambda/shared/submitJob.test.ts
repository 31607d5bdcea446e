import { expect } from "chai";
import { MAX_IN_FLIGHT } from "../../../contract/limits.js";
import { awsError, failed, jobEnvironment, SEQUENCE, ToolsWorld } from "../support/world.js";

describe("submitJob", () => {
  let world: ToolsWorld;

  beforeEach(() => {
    world = new ToolsWorld();
  });

  /** Fills the endpoint's queue with short jobs of others. */
  async function fillQueue(): Promise<void> {
    const { output_id: id } = await world.submit({ sequence: "MKTV" });
    const one = world.job(id);
    for (let number = 1; number < MAX_IN_FLIGHT; number++) {
      world.table.items.set(`other ${number}`, { ...one, output_id: `other ${number}` });
    }
  }

  it("starts one attempt however many calls come at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.submit()));

    expect(new Set(answers.map(({ output_id }) => output_id))).to.have.property("size", 1);
    expect(answers.every(({ status }) => status === "in_progress")).to.equal(true);
    expect(world.invocations).to.equal(1);
  });

  it("records when the job was sent, its estimate and the number of instances", async () => {
    const { output_id: id, estimated_completion_time } = await world.submit();

    expect(world.job(id)).to.include({
      sent_at: world.now.toISOString(),
      estimated_at: estimated_completion_time,
      instances: 1,
    });
  });

  it("lets a job wait in the ledger while the queue has no room, and sends it with the next call when it has", async () => {
    await fillQueue();
    const first = await world.submit();
    const before = world.invocations;
    const waiting = world.job(first.output_id);

    world.table.items.delete("other 1");
    await world.submit();

    expect(first).to.include({ status: "in_progress", phase: "queued", s3_output_path: null });
    expect(waiting).to.include({ state: "waiting", attempt: 1 }).and.not.have.property("sent_at");
    expect(world.invocations).to.equal(before + 1);
    expect(world.job(first.output_id)).to.include({ state: "in_progress", attempt: 1 });
  });

  it("sends a waiting job once, however many calls find room", async () => {
    await fillQueue();
    const { output_id: id } = await world.submit();
    const before = world.invocations;
    world.table.items.delete("other 1");

    await Promise.all([world.submit(), world.submit(), world.submit()]);

    expect(world.invocations).to.equal(before + 1);
    expect(world.job(id).state).to.equal("in_progress");
  });

  describe("of a job that failed", () => {
    const fail = async (): Promise<string> => {
      const { output_id: id } = await world.submit();
      world.write(id, "failure", { error_code: "OUT_OF_MEMORY", message: "not even one copy fits" });
      await world.results(id);
      return id;
    };

    beforeEach(() => {
      world = new ToolsWorld(jobEnvironment({ MAX_ATTEMPTS: "2" }));
    });

    it("is refused after the last attempt, with the reason, and nothing is started", async () => {
      await fail();
      const id = await fail();

      const refused = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE }));

      expect(refused.error_code).to.equal("TOO_MANY_ATTEMPTS");
      expect(refused.message).to.include("2 times").and.include("not even one copy fits").and.include("maxAttempts");
      expect(world.invocations).to.equal(2);
      expect(world.job(id)).to.include({ state: "failed", attempt: 2 });
    });

    it("does not count attempts that the endpoint refused, nor those before a result", async () => {
      world.refusal = awsError("ThrottlingException");
      for (let call = 0; call < 3; call++) await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE });
      world.refusal = undefined;
      const id = await fail();
      await world.submit();
      world.write(id, "output", "{}");
      await world.call({ tool_name: "get_results", output_id: id });
      world.objects.clear();
      await fail();

      expect((await world.submit()).status).to.equal("in_progress");
    });
  });

  describe("with tags", () => {
    const refused = async (tags: unknown) =>
      failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE, tags }));

    it("is one submission for the same name and tags in any order", async () => {
      const first = await world.submit({ sequence: SEQUENCE, name: "n", tags: ["a", "b"] });
      const again = await world.submit({ sequence: SEQUENCE, name: "n", tags: ["b", "a", "a "] });
      const other = await world.submit({ sequence: SEQUENCE, name: "n", tags: ["b"] });

      expect(again.submission_id).to.equal(first.submission_id);
      expect(other.submission_id).to.not.equal(first.submission_id);
      expect(other.output_id).to.equal(first.output_id);
    });

    it("has no submission id without name and tags", async () => {
      expect(await world.submit()).to.not.have.property("submission_id");
    });

    for (const [what, tags] of [
      ["eleven tags", Array.from({ length: 11 }, (_, number) => `tag ${number}`)],
      ["an empty tag", ["a", " "]],
      ["a tag of 65 characters", ["a".repeat(65)]],
      ["a tag with a line break", ["a\nb"]],
    ] as const) {
      it(`refuses ${what}, with nothing stored or started`, async () => {
        const { error_code } = await refused(tags);

        expect(error_code).to.equal("INVALID_TAG");
        expect(world.untouched).to.equal(true);
      });
    }

    it("stores no label of a job that is refused", async () => {
      world = new ToolsWorld(jobEnvironment({ MAX_INVOCATION_SECONDS: "300" }));

      await world.call({ tool_name: "invoke_endpoint", sequence: "M".repeat(10_000), tags: ["a"] });

      expect(world.untouched).to.equal(true);
    });
  });
});
