import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { SharedAnswerCache } from "../../../../lambda/evidence/sources/answerCache.js";
import type { AnswerKey } from "../../../../lambda/evidence/sources/answerItems.js";
import { SharedRateLimit } from "../../../../lambda/evidence/sources/rateLimit.js";
import { SourceError } from "../../../../lambda/evidence/sources/sourceError.js";
import { AnswerTable } from "./support/answerTable.js";
import { StillClock } from "./support/asking.js";

const RATE = { bucket: "ncbi", perSecond: 4, burst: 2 };
const KEY: AnswerKey = { source: "clinvar", schemaVersion: 1, key: "CDK7" };
const HOUR = 3_600;

/** Functions that share a table. Each has its own clock, because each waits by itself. */
function functions(count: number): {
  table: AnswerTable;
  clocks: StillClock[];
  limits: SharedRateLimit[];
  caches: SharedAnswerCache[];
} {
  const table = new AnswerTable();
  const clocks = Array.from({ length: count }, () => new StillClock());
  return {
    table,
    clocks,
    limits: clocks.map((clock) => new SharedRateLimit(table.documents, "t", clock)),
    caches: clocks.map((clock) => new SharedAnswerCache(table.documents, "t", clock)),
  };
}

/** One function. */
function single() {
  const { table, clocks, limits, caches } = functions(1);
  const [clock, limit, cache] = [clocks[0], limits[0], caches[0]];
  if (!clock || !limit || !cache) throw new Error("There is no function.");
  return { table, clock, limit, cache, deadline: clock.now() + 60_000 };
}

const failure = async (work: Promise<unknown>): Promise<SourceError> => {
  const error: unknown = await work.then(
    () => undefined,
    (one: unknown) => one,
  );
  if (!(error instanceof SourceError)) throw new Error(`It did not fail as a source does: ${String(error)}`);
  return error;
};

describe("The rate that functions share", () => {
  it("lets a burst pass at once, and then one after the other", async () => {
    const { clock, limit, deadline } = single();
    const start = clock.now();
    const times: number[] = [];

    for (let request = 0; request < 6; request += 1) {
      await limit.take(RATE, deadline);
      times.push(clock.now() - start);
    }

    expect(times).to.deep.equal([0, 0, 250, 500, 750, 1_000]);
  });

  it("counts the requests of all functions, however they are mixed", async () => {
    const { clocks, limits } = functions(8);
    const start = clocks[0]?.now() ?? 0;
    const times: number[] = [];

    await Promise.all(
      limits.map(async (limit, index) => {
        for (let request = 0; request < 3; request += 1) {
          await limit.take(RATE, start + 60_000);
          times.push((clocks[index]?.now() ?? 0) - start);
        }
      }),
    );

    expect(times).to.have.length(24);
    // Two at once, and four a second.
    for (const from of times) {
      expect(times.filter((time) => time >= from && time < from + 1_000).length).to.be.at.most(6);
    }
    expect(Math.max(...times)).to.be.at.most(22 * 250);
  });

  it("refills the burst in a pause", async () => {
    const { clock, limit, deadline } = single();
    for (let request = 0; request < 5; request += 1) await limit.take(RATE, deadline);
    clock.time += 10_000;
    const before = clock.waits.length;

    await limit.take(RATE, deadline);
    await limit.take(RATE, deadline);

    expect(clock.waits.slice(before)).to.deep.equal([]);
  });

  it("lets nobody ask while a source holds requests back, for ten minutes at most", async () => {
    const { table, clock, limit, deadline } = single();
    await limit.hold(RATE, clock.now() + 5_000);
    const start = clock.now();

    await limit.take(RATE, deadline);
    await limit.hold(RATE, clock.now() + 86_400_000);

    expect(clock.now() - start).to.equal(5_000);
    expect(Number(table.items.get("rate/ncbi")?.["next_ms"]) - clock.now()).to.equal(600_000);
  });

  it("does not queue for longer than the caller, or a minute, waits", async () => {
    const { clock, limit } = single();
    await limit.hold(RATE, clock.now() + 30_000);
    const soon = await failure(limit.take(RATE, clock.now() + 10_000));
    await limit.hold(RATE, clock.now() + 300_000);
    const late = await failure(limit.take(RATE, clock.now() + 600_000));

    for (const error of [soon, late]) {
      expect(error).to.include({ status: "unavailable" });
      expect(error.reason).to.include("its turn would come too late");
    }
  });
});

describe("The answers that functions share", () => {
  it("are asked for once until they are old, and say when that was", async () => {
    const { clock, cache, deadline } = single();
    let calls = 0;
    const load = () => Promise.resolve({ calls: (calls += 1) });

    const first = await cache.through(KEY, HOUR, deadline, load);
    clock.time += HOUR * 1_000 - 1;
    const second = await cache.through(KEY, HOUR, deadline + clock.time, load);
    clock.time += 1;
    const third = await cache.through(KEY, HOUR, deadline + clock.time, load);

    expect([first, second, third].map(({ content }) => content.calls)).to.deep.equal([1, 1, 2]);
    expect([first.retrievedAt, second.retrievedAt]).to.deep.equal(Array(2).fill("2026-11-29T12:00:00.000Z"));
    expect(third.retrievedAt).to.equal("2026-11-29T13:00:00.000Z");
  });

  it("are others for another source, form or key", async () => {
    const { table, cache, deadline } = single();

    for (const key of [KEY, { ...KEY, source: "pubmed" }, { ...KEY, schemaVersion: 2 }, { ...KEY, key: "CDK8" }]) {
      await cache.through(key, HOUR, deadline, () => Promise.resolve({}));
    }

    expect([...table.items.keys()].filter((id) => !id.endsWith("/0"))).to.have.length(4);
    // What is asked for can be a sequence.
    expect([...table.items.keys()].join()).to.not.include("CDK7");
  });

  it("are asked for by one function of ten; the others wait for it", async () => {
    const table = new AnswerTable();
    const clock = new StillClock();
    // Each wait takes a millisecond, so that the answer arrives while the others wait.
    const sleep = (ms: number) => delay(1).then(() => clock.sleep(ms / 10));
    const caches = Array.from(
      { length: 10 },
      () => new SharedAnswerCache(table.documents, "t", { now: clock.now, sleep }),
    );
    let calls = 0;
    const load = async () => {
      calls += 1;
      await delay(20);
      return { calls };
    };

    const answers = await Promise.all(caches.map((cache) => cache.through(KEY, HOUR, clock.now() + 89_000, load)));

    expect(calls).to.equal(1);
    expect(answers.map(({ content }) => content.calls)).to.deep.equal(Array(10).fill(1));
    expect(clock.waits).to.not.have.length(0);
  });

  it("are given up by those who have waited as long as they may, and taken over from a function that died", async () => {
    const { caches, clocks } = functions(2);
    const [first, second] = caches;
    const clock = clocks[1];
    if (!first || !second || !clock) throw new Error("There are no functions.");
    void first.through(KEY, HOUR, 0, () => new Promise<object>(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 5));

    const late = await failure(second.through(KEY, HOUR, clock.now() + 3_000, () => Promise.resolve({})));
    clock.time += 90_000;
    const { content } = await second.through(KEY, HOUR, clock.now() + 3_000, () => Promise.resolve({ own: true }));

    expect(late.reason).to.equal("another call asks for the same, and had no answer in time");
    expect(content).to.deep.equal({ own: true });
  });

  for (const [error, seconds] of [
    [new SourceError("not found", "there is none"), 3_600],
    [new SourceError("unavailable", "503"), 30],
    [new SourceError("unavailable", "429", 120_000), 120],
    [new SourceError("unavailable", "429", 86_400_000), 600],
  ] as const) {
    it(`are not asked for again for ${seconds} s after '${error.reason}'`, async () => {
      const { clock, cache } = single();
      const fails = () => cache.through(KEY, HOUR, clock.now() + 1_000, () => Promise.reject(error));
      const works = () => cache.through(KEY, HOUR, clock.now() + 1_000, () => Promise.resolve({ works: true }));

      await failure(fails());
      clock.time += seconds * 1_000 - 1;
      const kept = await failure(works());
      clock.time += 1;

      expect(kept).to.include({ status: error.status, reason: error.reason });
      expect((await works()).content).to.deep.equal({ works: true });
    });
  }

  it("are kept for five minutes if a part is missing", async () => {
    const { clock, cache } = single();
    const load = (incomplete: boolean) => () => Promise.resolve({ incomplete });
    await cache.through(KEY, HOUR, clock.now() + 1_000, load(true));
    clock.time += 300_000;

    const { content } = await cache.through(KEY, HOUR, clock.now() + 1_000, load(false));

    expect(content).to.deep.equal({ incomplete: false });
  });

  it("may be larger than an item of DynamoDB, and are asked for again if a part of them is lost", async () => {
    const { table, clock, cache, deadline } = single();
    const text = randomBytes(900_000).toString("base64");
    let calls = 0;
    const load = () => Promise.resolve({ text, calls: (calls += 1) });

    await cache.through(KEY, HOUR, deadline, load);
    const parts = [...table.items.keys()].filter((id) => /\/\d+$/.test(id));
    const kept = await cache.through(KEY, HOUR, deadline, load);
    table.items.delete(parts[1] ?? "");
    const again = await cache.through(KEY, HOUR, clock.now() + 60_000, load);

    expect(parts.length).to.equal(3);
    expect(kept.content).to.deep.equal({ text, calls: 1 });
    expect(again.content).to.deep.equal({ text, calls: 2 });
  });

  it("are asked for again if a part of them is damaged", async () => {
    const { table, clock, cache, deadline } = single();
    let calls = 0;
    const load = () => Promise.resolve({ calls: (calls += 1) });
    await cache.through(KEY, HOUR, deadline, load);
    const [id = "", part] = [...table.items].find(([one]) => /\/\d+$/.test(one)) ?? [];
    table.items.set(id, { ...part, bytes: Buffer.from("no gzip") });

    const { content } = await cache.through(KEY, HOUR, clock.now() + 60_000, load);

    expect(content).to.deep.equal({ calls: 2 });
  });

  it("are not kept if they are far too large, nor if the caller itself fails", async () => {
    const { table, cache, deadline } = single();
    const text = randomBytes(12_500_000).toString("base64");

    const { content } = await cache.through(KEY, HOUR, deadline, () => Promise.resolve({ text }));
    const fault: unknown = await cache
      .through({ ...KEY, key: "x" }, HOUR, deadline, () => Promise.reject(new Error("a fault of ours")))
      .catch((error: unknown) => error);
    const { content: after } = await cache.through({ ...KEY, key: "x" }, HOUR, deadline, () => Promise.resolve({}));

    expect(content.text).to.equal(text);
    // The one part is of the last answer.
    expect([...table.items.keys()].filter((id) => /\/\d+$/.test(id))).to.have.length(1);
    expect(String(fault)).to.include("a fault of ours");
    expect(after).to.deep.equal({});
  }).timeout(20_000);

  it("expire in the table after they are old, the parts last", async () => {
    const { table, clock, cache, deadline } = single();

    await cache.through(KEY, HOUR, deadline, () => Promise.resolve({}));

    const [part, head] = [...table.items.entries()]
      .sort(([a], [b]) => b.length - a.length)
      .map(([, item]) => Number(item["expires_at"]) - clock.now() / 1_000);
    expect(head).to.be.greaterThan(HOUR);
    expect(part).to.be.greaterThan(head ?? 0);
  });
});
