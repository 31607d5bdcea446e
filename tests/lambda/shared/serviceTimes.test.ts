import { expect } from "chai";
import {
  NO_MEASUREMENTS,
  serviceTimes,
  withWork,
  type CompletedWork,
  type Measurements,
} from "../../../lambda/shared/serviceTimes.js";

const CONCURRENCY = 4;

/** True times of a simulated model. */
const JOB_SECONDS = 0.2;
const TOKEN_SECONDS = 1e-4;

/** Lengths of jobs between 1,000 and 100,000 tokens, in an irregular order. */
function tokens(index: number): number {
  return 1_000 + ((index * 7919) % 100) * 1_000;
}

/** Jobs one after the other, each by itself. */
function alone(count: number): CompletedWork[] {
  let now = 1_000_000;
  return Array.from({ length: count }, (_, index) => {
    const receivedAt = (now += 60_000);
    const endedAt = receivedAt + (JOB_SECONDS + TOKEN_SECONDS * tokens(index)) * 1_000;
    return { tokens: tokens(index), instances: 1, receivedAt, endedAt };
  });
}

/** Jobs that arrive at once: four run at a time, and share the GPU equally. */
function atOnce(count: number, start = 1_000_000): CompletedWork[] {
  const waiting = Array.from({ length: count }, (_, index) => tokens(index + start / 1_000));
  const running: { tokens: number; overhead: number; left: number }[] = [];
  const ended: CompletedWork[] = [];
  let now = start;
  while (waiting.length + running.length > 0) {
    while (running.length < CONCURRENCY && waiting.length > 0) {
      const next = waiting.shift() ?? 0;
      running.push({ tokens: next, overhead: JOB_SECONDS, left: next * TOKEN_SECONDS });
    }
    const reading = running.filter(({ overhead }) => overhead > 1e-9);
    const computing = running.filter(({ overhead }) => overhead <= 1e-9);
    const step = Math.min(
      ...reading.map(({ overhead }) => overhead),
      ...computing.map(({ left }) => left * computing.length),
    );
    now += step * 1_000;
    for (const job of reading) job.overhead -= step;
    for (const job of computing) job.left -= step / computing.length;
    for (const job of computing.filter(({ left }) => left <= 1e-9)) {
      ended.push({ tokens: job.tokens, instances: 1, receivedAt: start, endedAt: now });
      running.splice(running.indexOf(job), 1);
    }
  }
  return ended;
}

function measuredAfter(works: CompletedWork[], before: Measurements = NO_MEASUREMENTS): Measurements {
  // One notification at a time, as they mostly come.
  return works.reduce((known, work) => withWork(known, [work], CONCURRENCY), before);
}

describe("measured service times", () => {
  it("are unknown before the first job", () => {
    expect(serviceTimes(NO_MEASUREMENTS)).to.equal(undefined);
  });

  it("are exact for jobs by themselves", () => {
    const times = serviceTimes(measuredAfter(alone(30)));

    expect(times?.jobSeconds).to.be.closeTo(JOB_SECONDS, 1e-6);
    expect(times?.tokenSeconds).to.be.closeTo(TOKEN_SECONDS, 1e-9);
  });

  it("are close for jobs that share the GPU and end in another order than they began", () => {
    const times = serviceTimes(measuredAfter(atOnce(200)));

    expect(times?.tokenSeconds).to.be.within(TOKEN_SECONDS * 0.85, TOKEN_SECONDS * 1.15);
  });

  it("are close for bursts of one to ten jobs", () => {
    let known = NO_MEASUREMENTS;
    for (let burst = 0; burst < 30; burst++)
      known = measuredAfter(atOnce(1 + ((burst * 7) % 10), 1e9 + burst * 1e6), known);
    const times = serviceTimes(known);

    expect(times?.jobSeconds).to.be.within(JOB_SECONDS * 0.5, JOB_SECONDS * 1.5);
    expect(times?.tokenSeconds).to.be.within(TOKEN_SECONDS * 0.95, TOKEN_SECONDS * 1.05);
  });

  it("are those of the only kind of job if all are alike", () => {
    const [one] = alone(1);
    const same = Array.from({ length: 5 }, (_, index) => ({
      tokens: 1_000,
      instances: 1,
      receivedAt: (one?.receivedAt ?? 0) + index * 60_000,
      endedAt: (one?.receivedAt ?? 0) + index * 60_000 + 300,
    }));
    const times = serviceTimes(measuredAfter(same));

    expect((times?.jobSeconds ?? 0) + 1_000 * (times?.tokenSeconds ?? 0)).to.be.closeTo(0.3, 1e-6);
  });

  it("follow a model that became twice as fast", () => {
    const before = measuredAfter(alone(30));
    const faster = alone(300).map((work) => ({
      ...work,
      receivedAt: work.receivedAt + 1e9,
      endedAt: work.receivedAt + 1e9 + (work.endedAt - work.receivedAt) / 2,
    }));

    expect(serviceTimes(measuredAfter(faster, before))?.tokenSeconds).to.be.within(
      TOKEN_SECONDS * 0.45,
      TOKEN_SECONDS * 0.6,
    );
  });

  it("do not depend on the order of notifications in a batch, and ignore what comes late", () => {
    const works = alone(10);
    const batch = withWork(NO_MEASUREMENTS, [...works].reverse(), CONCURRENCY);

    expect(serviceTimes(batch)).to.deep.equal(serviceTimes(measuredAfter(works)));
    expect(withWork(batch, works.slice(0, 3), CONCURRENCY)).to.deep.equal(batch);
  });

  it("count the throughput of each instance", () => {
    const two = alone(20).map((work) => ({ ...work, instances: 2 }));

    expect(serviceTimes(measuredAfter(two))?.tokenSeconds).to.be.closeTo(TOKEN_SECONDS, 1e-9);
  });
});
