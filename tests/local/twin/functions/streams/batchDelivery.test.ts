import { expect } from "chai";
import {
  deliverBatch,
  type Delivered,
  type RetryRules,
} from "../../../../../local/twin/functions/streams/batchDelivery.js";
import type { GivenUp } from "../../../../../local/twin/functions/streams/failureDestination.js";
import type { StreamRecord } from "../../../../../local/twin/functions/streams/stream.js";

const HANDLED: Delivered = { kind: "handled" };
const CRASHED: Delivered = { kind: "failed", functionFailed: true, sequenceNumbers: "all" };
const RULES: RetryRules = { bisects: true, maxRetries: 3, maxAgeMs: -1 };

const reported = (...numbers: string[]): Delivered => ({
  kind: "failed",
  functionFailed: false,
  sequenceNumbers: new Set(numbers),
});

const numbersOf = (records: readonly StreamRecord[]): string =>
  records.map(({ sequenceNumber }) => sequenceNumber).join("");

/** Delivers a batch of one record for each letter, and tells the calls and what was given up. */
async function deliver(
  letters: string,
  answer: (call: string, number: number) => Delivered,
  rules: Partial<RetryRules> = {},
  more: { readonly stopAfter?: number; readonly secondsPerCall?: number } = {},
): Promise<{ calls: string[]; givenUp: string[]; facts: GivenUp[] }> {
  const [calls, facts]: [string[], GivenUp[]] = [[], []];
  const records = Array.from(letters, (letter) => ({
    sequenceNumber: letter,
    arrivedAt: 0,
    event: {},
    filtered: {},
  }));
  await deliverBatch(
    records,
    { ...RULES, ...rules },
    {
      deliver: (part) => {
        calls.push(numbersOf(part));
        return Promise.resolve(answer(numbersOf(part), calls.length));
      },
      giveUp: (givenUp) => {
        facts.push(givenUp);
        return Promise.resolve();
      },
      now: () => calls.length * (more.secondsPerCall ?? 0) * 1_000,
      wait: () => Promise.resolve(calls.length < (more.stopAfter ?? 100)),
    },
  );
  return { calls, givenUp: facts.map(({ records: gone }) => numbersOf(gone)), facts };
}

describe("the delivery of a batch of a stream", () => {
  it("calls the function once for a batch that it handles", async () => {
    expect(await deliver("abc", () => HANDLED)).to.deep.include({ calls: ["abc"], givenUp: [] });
  });

  it("retries a batch after a failure, and gives it up after the last retry", async () => {
    const { calls, givenUp, facts } = await deliver("ab", () => CRASHED, { bisects: false });

    expect(calls).to.deep.equal(["ab", "ab", "ab", "ab"]);
    expect(givenUp).to.deep.equal(["ab"]);
    expect(facts[0]).to.include({ condition: "RetryAttemptsExhausted", calls: 4, functionFailed: true });
  });

  it("gives a batch up at once with no retries", async () => {
    expect(await deliver("a", () => CRASHED, { maxRetries: 0 })).to.deep.include({ calls: ["a"], givenUp: ["a"] });
  });

  it("splits a batch that failed until the poison is alone, and loses none of the others", async () => {
    const { calls, givenUp } = await deliver("abcd", (call) => (call.includes("c") ? CRASHED : HANDLED));

    // Splitting is no retry: the poison has all its retries.
    expect(calls).to.deep.equal(["abcd", "ab", "cd", "c", "c", "c", "c", "d"]);
    expect(givenUp).to.deep.equal(["c"]);
  });

  it("goes on at the lowest sequence number that the function reports", async () => {
    const answer = (_: string, number: number): Delivered => (number === 1 ? reported("d", "b") : HANDLED);

    expect(await deliver("abcd", answer)).to.deep.include({ calls: ["abcd", "bcd"], givenUp: [] });
  });

  it("counts a part that is left as a retry without bisection, and as none with it", async () => {
    const last = (call: string): Delivered => reported(call.slice(-1));

    const without = await deliver("ab", last, { bisects: false, maxRetries: 1 });
    const withIt = await deliver("ab", last, { bisects: true, maxRetries: 1 });

    expect(without).to.deep.include({ calls: ["ab", "b"], givenUp: ["b"] });
    expect(withIt).to.deep.include({ calls: ["ab", "b", "b"], givenUp: ["b"] });
  });

  it("keeps the batch whole if its first record is reported", async () => {
    const { calls, givenUp } = await deliver("ab", () => reported("a"), { maxRetries: 1 });

    expect(calls).to.deep.equal(["ab", "ab"]);
    expect(givenUp).to.deep.equal(["ab"]);
  });

  it("waits for a throttled function without using its retries", async () => {
    const answer = (_: string, number: number): Delivered => (number < 9 ? { kind: "not-called" } : HANDLED);

    expect((await deliver("a", answer, { maxRetries: 0 })).givenUp).to.deep.equal([]);
  });

  it("gives records up that are older than the maximum age, and retries without end otherwise", async () => {
    const rules = { maxRetries: -1, maxAgeMs: 60_000 };
    const { calls, facts } = await deliver("a", () => CRASHED, rules, { secondsPerCall: 25 });

    expect(calls).to.have.length(3);
    expect(facts.map(({ condition }) => condition)).to.deep.equal(["RecordAgeExceeded"]);
  });

  it("stops between two calls", async () => {
    expect(await deliver("ab", () => CRASHED, {}, { stopAfter: 2 })).to.deep.include({
      calls: ["ab", "a"],
      givenUp: [],
    });
  });
});
