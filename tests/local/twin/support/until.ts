import { setTimeout as delay } from "node:timers/promises";

/** Longest wait for a state, in ms. */
const PATIENCE_MS = 100_000;

/** Waits until `read` returns a value; throws if it does not in time. */
export async function until<T>(name: string, read: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`Not seen in time: ${name}.`);
    await delay(50);
  }
}

/** The error with which a promise rejects; throws if it does not reject with one. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("The promise was not rejected with an error.");
}
