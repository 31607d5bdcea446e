import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { LedgerItem } from "../../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../../contract/limits.js";
import type { VariantEffects } from "../../../contract/result.js";
import type { Summary } from "../../../contract/summary.js";
import { effectsOf } from "../../support/effects.js";
import { awsError, failed, jobEnvironment, SEQUENCE, ToolsWorld } from "../support/world.js";

const HOUR = 3_600;

describe("get_results", () => {
  let world: ToolsWorld;
  let id: string;

  beforeEach(async () => {
    world = new ToolsWorld();
    id = (await world.submit({ sequence: SEQUENCE, name: "my protein" })).output_id;
    world.logged = "";
  });

  /** Calls get_results, and returns the failure. */
  async function refused(input: Record<string, unknown> = {}) {
    return failed(await world.call({ tool_name: "get_results", output_id: id, ...input }));
  }

  describe("of an unfinished job", () => {
    it("has the phase and the time to ask again, and no results", async () => {
      const data = await world.results(id);

      expect(data).to.include({ status: "in_progress", phase: "running", results: null });
      expect(data.retry_after_seconds).to.be.within(1, 60);
      expect(data.completion_time).to.be.null;
      expect(data).not.to.have.any.keys("reason", "failure_time", "s3_failure_path", "error_details");
    });

    it("is warming if no instance runs, and names the status of an endpoint that accepts no requests", async () => {
      world.pass(60);
      world.endpoint = { EndpointStatus: "Creating", ProductionVariants: [] };
      const creating = await world.results(id);
      world.pass(60);
      world.endpoint.EndpointStatus = "Failed";
      const broken = await world.call({ tool_name: "get_results", output_id: id });

      expect(creating.phase).to.equal("warming");
      expect(broken.message).to.include("the endpoint is Failed");
    });

    it("is found by an upper-case id with white space around it", async () => {
      const data = await world.results(` ${id.toUpperCase()} `);

      expect(data.output_id).to.equal(id);
    });

    it("has the name and the tags of the caller's own submission, and no one else's", async () => {
      const mine = await world.submit({ sequence: SEQUENCE, name: "mine", tags: ["plate 7", " plate 7 ", "b"] });
      const theirs = await world.submit({ sequence: SEQUENCE, name: "theirs" });
      const another = await world.submit({ sequence: `${SEQUENCE}A`, name: "another protein" });

      expect(await world.results(id)).to.not.have.any.keys("name", "tags");
      expect(await world.results(id, { submission_id: mine.submission_id })).to.deep.include({
        name: "mine",
        tags: ["b", "plate 7"],
      });
      expect(await world.results(id, { submission_id: theirs.submission_id })).to.deep.include({
        name: "theirs",
        tags: [],
      });
      expect(await world.results(id, { submission_id: another.submission_id })).to.not.have.any.keys("name", "tags");
    });

    it("waits for its next attempt after the longest time that a request can take, not before", async () => {
      world.pass(LONGEST_JOB_SECONDS - 1);
      const running = await world.results(id);
      world.pass(2);
      const expired = await world.results(id);

      expect(running).to.include({ status: "in_progress", phase: "running" });
      expect(expired).to.include({ status: "in_progress", phase: "queued" });
      expect(world.job(id)).to.include({ state: "waiting", attempt: 2, failed_attempts: 1 });
      expect(world.job(id)).not.to.have.any.keys("sent_at", "output_location", "failure_location");
    });

    it("expires after the last attempt", async () => {
      world = new ToolsWorld(jobEnvironment({ MAX_ATTEMPTS: "1" }));
      await world.submit();
      world.pass(LONGEST_JOB_SECONDS + 1);
      const expired = await world.results(id);

      expect(expired).to.include({ status: "expired", phase: null, results: null, retry_after_seconds: null });
      expect(expired.reason).to.include("388 minutes").and.include("submit again");
      expect(world.job(id)).to.include({ state: "expired" });
      expect(world.logged).to.include('"JobsFailed":1');
    });
  });

  describe("of a completed job", () => {
    beforeEach(() => {
      world.pass(10);
      world.write(id, "output", effectsOf(SEQUENCE));
      world.pass(10);
    });

    it("records once in the ledger when the result was written", async () => {
      const first = await world.results(id);
      await world.results(id);

      expect(first).to.include({ status: "completed", completion_time: "2026-03-01T12:00:10.000Z" });
      expect(world.job(id)).to.include({ state: "completed", completed_at: "2026-03-01T12:00:10.000Z" });
      expect(world.logged.match(/"JobsCompleted":1/g)).to.have.length(1);
      const updates = world.table.mock.commandCalls(UpdateCommand).length - 1;
      expect(updates).to.equal(1);
    });

    it("does not change a later attempt that another call has started", async () => {
      const later = { ...world.job(id), attempt: 2, inference_id: `${id}.2`, output_location: "s3://results-bucket/x" };
      world.table.beforeNextWrite = () => world.table.items.set(id, later);

      const data = await world.results(id);

      expect(data.status).to.equal("in_progress");
      expect(world.job(id)).to.deep.equal(later);
      expect(world.logged).not.to.include("JobsCompleted");
    });

    it("is the full result for a call that names its tool", async () => {
      const { results } = await world.results(id);

      const whole = results as VariantEffects;
      expect(whole.heatmap).to.have.length(20);
      expect(whole).to.deep.include({ sequence: SEQUENCE, sequence_length: 65, outliers: [] });
    });

    it("is a summary if requested, with links to the full result", async () => {
      const { results, s3_output_path: path } = await world.results(id, { detail: "summary", top: 3 });

      const summary = results as Summary;
      expect(summary).to.include({ detail: "summary", scored_variants: 19 * 65, sequence_length: 65 });
      expect(summary.best).to.have.length(3);
      expect(summary.links.s3_output_path).to.equal(path);
      expect(summary.links.download_url).to.include("X-Amz-Expires=3600").and.include("X-Amz-Signature=");
      expect(summary.notes).to.deep.equal([]);
      expect(summary).not.to.have.any.keys("heatmap", "sequence");
    });

    it("has null in the cells of positions that were not requested", async () => {
      const { results } = await world.results(id, { positions: "2-3", variants: "K2A" });

      const whole = results as VariantEffects;
      expect(whole.heatmap[0]?.slice(0, 4)).to.deep.equal([null, -1, -1, null]);
      expect(whole.sensitivity.filter((value) => value !== null)).to.have.length(2);
      expect(whole.variants).to.deep.equal([{ variant: "K2A", hgvs: "p.Lys2Ala", score: -1 }]);
    });

    it("is the full result up to Lambda's 6 MB, and above a summary with a note", async () => {
      const answerOf = async (padding: number) => {
        world.write(id, "output", { ...effectsOf(SEQUENCE), padding: "x".repeat(padding) });
        return world.results(id, { detail: "full" });
      };

      const below = await answerOf(6_200_000);
      const above = await answerOf(6_291_556);

      expect(below.results).to.have.property("heatmap");
      const summary = above.results as Summary;
      expect(summary).to.have.property("detail", "summary");
      expect(summary.notes.join()).to.include("6 MB");
      expect(summary.links.download_url).to.be.a("string");
    });

    it("is under 8 kB as a summary, with all fields and a long name", async () => {
      const label = {
        name: "\u00e9".repeat(256),
        tags: Array.from({ length: 10 }, (_, n) => `${n}${"\u00e9".repeat(63)}`),
      };
      const { submission_id } = await world.submit({ sequence: SEQUENCE, ...label });
      const input = { submission_id, detail: "summary", top: 25, positions: "1-65" };

      const answer = await world.call({ tool_name: "get_results", output_id: id, ...input });

      expect(Buffer.byteLength(JSON.stringify(answer))).to.be.below(8_000);
    });

    it("is unreadable if the ledger has no address of it", async () => {
      const job = Object.entries(world.job(id)).filter(([attribute]) => attribute !== "output_location");
      world.table.items.set(id, { ...Object.fromEntries(job), state: "completed" } as LedgerItem);

      expect(await refused()).to.include({ error_code: "RESULT_UNREADABLE" });
    });

    for (const [input, code, part] of [
      [{ positions: "60-70" }, "INVALID_POSITIONS", "1 to 65"],
      [{ variants: "A2K" }, "WILD_TYPE_MISMATCH", "Lys (K)"],
      [{ variants: "K2X" }, "INVALID_VARIANT", "K2X"],
      [{ detail: "everything" }, "INVALID_INPUT", "detail"],
      [{ top: 26 }, "INVALID_INPUT", "top"],
      [{ position: "2" }, "INVALID_INPUT", "did you mean 'positions'?"],
    ] as const) {
      it(`refuses ${JSON.stringify(input)} with ${code}`, async () => {
        const answer = await refused(input);

        expect(answer.error_code).to.equal(code);
        expect(answer.message).to.include(part);
      });
    }

    for (const [what, text] of [
      ["is not JSON", `<html>${SEQUENCE}</html>`],
      ["is empty", ""],
      ["does not match the schema", JSON.stringify({ sequence: SEQUENCE, heatmap: [SEQUENCE] })],
      ["has rows of the wrong length", JSON.stringify({ ...effectsOf(SEQUENCE), sequence_length: 64 })],
      ["is of another protein", JSON.stringify(effectsOf("MKTV"))],
    ] as const) {
      it(`is an error if the stored result ${what}`, async () => {
        world.write(id, "output", text);

        const answer = await refused();

        expect(answer.error_code).to.equal("RESULT_UNREADABLE");
        expect(answer.message).to.include("submit the protein again");
        expect(JSON.stringify(answer) + world.logged).not.to.include("MKTV");
      });
    }

    it("is an error if the stored result was deleted or archived", async () => {
      await world.results(id);
      world.write(id, "output", effectsOf(SEQUENCE), { storageClass: "GLACIER" });
      const archived = await refused();
      world.objects.clear();
      const deleted = await refused();

      expect([archived.error_code, deleted.error_code]).to.deep.equal(["RESULT_ARCHIVED", "RESULT_UNREADABLE"]);
      expect(archived.message).to.include("Submit the protein again");
    });

    it("distinguishes an object that may not be read from a deleted one", async () => {
      await world.results(id);
      world.s3.on(GetObjectCommand).rejects(awsError("AccessDenied", "AccessDenied", 403));
      const denied = await refused();
      world.objects.clear();
      const gone = await refused();

      expect([denied.error_code, gone.error_code]).to.deep.equal(["ACCESS_DENIED", "RESULT_UNREADABLE"]);
    });
  });

  it("of a failed job has the model's own reason, and records it", async () => {
    world.write(id, "failure", { error_code: "OUT_OF_MEMORY", message: "no copy fits" });

    const data = await world.results(id);

    expect(data).to.include({ status: "failed", phase: null, results: null, retry_after_seconds: null });
    expect(data.reason).to.equal("OUT_OF_MEMORY: no copy fits");
    // As clients of the reference print them.
    expect(data).to.include({ failure_time: data.completion_time, error_details: data.reason });
    expect(data.s3_failure_path).to.match(/^s3:\/\/.+async-inference-failures\//);
    expect(world.job(id)).to.include({ state: "failed", reason: data.reason });
    expect(world.logged).to.include('"JobsFailed":1');
  });

  describe("of an unknown job", () => {
    it("is UNKNOWN_JOB for an id that was never issued", async () => {
      const answer = await refused({ output_id: "00000000-0000-8000-8000-000000000000" });

      expect(answer.error_code).to.equal("UNKNOWN_JOB");
    });

    it("is UNKNOWN_JOB after the retention period, even if the item still exists", async () => {
      world.write(id, "output", effectsOf(SEQUENCE));
      world.pass(365 * 24 * HOUR);

      const answer = await refused();

      expect(answer.error_code).to.equal("UNKNOWN_JOB");
    });

    for (const malformed of ["", "job-1", "a".repeat(36), "../../etc/passwd"]) {
      it(`is INVALID_OUTPUT_ID for '${malformed}', without a read of the ledger`, async () => {
        const reads = world.table.mock.calls().length;

        const answer = await refused({ output_id: malformed });

        expect(answer.error_code).to.equal("INVALID_OUTPUT_ID");
        expect(world.table.mock.calls()).to.have.length(reads);
      });
    }

    it("is INVALID_INPUT without an id", async () => {
      const answer = failed(await world.call({ tool_name: "get_results" }));

      expect(answer).to.include({ error_code: "INVALID_INPUT" });
      expect(answer.message).to.include("'output_id' is missing");
    });
  });
});
