import { expect } from "chai";
import { unsent } from "../../../lambda/shared/attempts.js";
import { effectsOf } from "../../support/effects.js";
import { failed, SEQUENCE, ToolsWorld } from "../support/world.js";

/** Different proteins, each submitted a second after the one before. */
const PROTEINS = ["A", "C", "D", "E", "F"].map((residue) => `${SEQUENCE}${residue}`);

describe("list_jobs", () => {
  let world: ToolsWorld;
  let ids: string[];

  beforeEach(async () => {
    world = new ToolsWorld();
    ids = [];
    for (const [index, sequence] of PROTEINS.entries()) {
      ids.push(
        (await world.submit({ sequence, name: `protein ${index}`, tags: [index % 2 ? "odd" : "even"] })).output_id,
      );
      world.pass(1);
    }
    world.write(ids[1] ?? "", "output", effectsOf(PROTEINS[1] ?? ""));
    await world.results(ids[1] ?? "");
  });

  const refused = async (input: Record<string, unknown>) =>
    failed(await world.call({ tool_name: "list_jobs", ...input }));

  it("lists jobs of every state, newest first, without the labels of anyone", async () => {
    const { jobs, next_token } = await world.list();

    expect(jobs.map(({ output_id }) => output_id)).to.deep.equal([...ids].reverse());
    expect(jobs.map(({ status }) => status)).to.deep.equal([
      "in_progress",
      "in_progress",
      "in_progress",
      "completed",
      "in_progress",
    ]);
    expect(jobs[3]).to.include({ sequence_length: 66, submitted_at: "2026-03-01T12:00:01.000Z" });
    expect(jobs.every((job) => !("name" in job) && !("tags" in job))).to.equal(true);
    expect(next_token).to.equal(null);
  });

  it("lists jobs by status, and submissions by tag with their own label", async () => {
    const completed = await world.list({ status: "completed" });
    const even = await world.list({ tag: "even" });
    const both = await world.list({ tag: "odd", status: "completed" });

    expect(completed.jobs.map(({ output_id }) => output_id)).to.deep.equal([ids[1]]);
    expect(even.jobs.map(({ name }) => name)).to.deep.equal(["protein 4", "protein 2", "protein 0"]);
    expect(even.jobs[0]).to.deep.include({ tags: ["even"], status: "in_progress" });
    expect(both.jobs.map(({ name }) => name)).to.deep.equal(["protein 1"]);
  });

  for (const filter of [{}, { status: "in_progress" }, { tag: "even" }]) {
    it(`gives every job once over pages, with ${JSON.stringify(filter)}`, async () => {
      const whole = await world.list(filter);
      const found: string[] = [];
      let token: string | null = null;
      do {
        const page = await world.list({ ...filter, limit: 2, ...(token !== null && { next_token: token }) });
        expect(page.jobs.length).to.be.within(1, 2);
        found.push(...page.jobs.map(({ output_id }) => output_id));
        token = page.next_token;
      } while (token !== null);

      expect(found).to.deep.equal(whole.jobs.map(({ output_id }) => output_id));
    });
  }

  it("gives every job once if all were submitted in the same millisecond", async () => {
    for (const id of ids) world.table.items.set(id, { ...world.job(id), submitted_at: "2026-03-01T12:00:00.000Z" });
    const first = await world.list({ limit: 3 });
    const second = await world.list({ limit: 3, next_token: first.next_token });

    expect([...first.jobs, ...second.jobs].map(({ output_id }) => output_id).sort()).to.deep.equal([...ids].sort());
  });

  it("refuses a token of another list, and one that was tampered with", async () => {
    const { next_token: token } = await world.list({ tag: "even", limit: 1 });
    const forged = (change: object): string =>
      Buffer.from(
        JSON.stringify({ ...(JSON.parse(Buffer.from(token ?? "", "base64url").toString()) as object), ...change }),
      ).toString("base64url");

    for (const input of [
      { next_token: token },
      { next_token: token, tag: "odd" },
      { next_token: token, tag: "even", status: "failed" },
      { next_token: forged({ tag: "odd" }), tag: "even" },
      {
        next_token: forged({ places: { completed: { output_id: ids[0], submitted_at: "2026-03-01T12:00:00.000Z" } } }),
        tag: "even",
      },
      { next_token: forged({ places: { tag: { output_id: "x' OR 1=1", submitted_at: "now" } } }), tag: "even" },
      { next_token: forged({ more: 1 }), tag: "even" },
      { next_token: "not a token", tag: "even" },
    ]) {
      expect((await refused(input)).error_code, JSON.stringify(input)).to.equal("INVALID_NEXT_TOKEN");
    }
  });

  it("refuses an unknown status, a tag that cannot be one, and a page that is too large", async () => {
    expect((await refused({ status: "waiting" })).error_code).to.equal("INVALID_INPUT");
    expect((await refused({ tag: " " })).error_code).to.equal("INVALID_TAG");
    expect((await refused({ limit: 51 })).error_code).to.equal("INVALID_INPUT");
  });
});

describe("cancel_job", () => {
  let world: ToolsWorld;
  let id: string;

  beforeEach(async () => {
    world = new ToolsWorld();
    id = (await world.submit()).output_id;
  });

  it("marks a job that SageMaker has as cancelled, and its result is never reported", async () => {
    const data = await world.cancel(id);
    world.write(id, "output", effectsOf(SEQUENCE));
    const results = await world.results(id);

    expect(data).to.deep.equal({ output_id: id, status: "cancelled", withdrawn: false });
    expect(results).to.include({ status: "cancelled", results: null, reason: "The job was cancelled." });
    expect(world.job(id).state).to.equal("cancelled");
  });

  it("withdraws a job that was not sent yet", async () => {
    world.table.items.set(id, { ...unsent(world.job(id)), state: "waiting" });

    expect(await world.cancel(id)).to.include({ status: "cancelled", withdrawn: true });
  });

  it("changes nothing of a job that has ended, even if nobody knows it yet", async () => {
    world.write(id, "output", effectsOf(SEQUENCE));

    const data = await world.cancel(id);

    expect(data).to.include({ status: "completed", withdrawn: false });
    expect((await world.results(id)).status).to.equal("completed");
  });

  it("lets the next submission start another attempt", async () => {
    await world.cancel(id);

    const again = await world.submit();

    expect(again).to.include({ output_id: id, status: "in_progress" });
    expect(world.job(id)).to.include({ state: "in_progress", attempt: 2 });
  });

  it("refuses an id that was never issued", async () => {
    const output_id = "00000000-0000-8000-8000-000000000000";

    expect(failed(await world.call({ tool_name: "cancel_job", output_id })).error_code).to.equal("UNKNOWN_JOB");
  });
});
