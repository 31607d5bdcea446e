import { setTimeout as delay } from "node:timers/promises";

/** How long a state is waited for before the test fails, in ms. */
const PATIENCE_MS = 100_000;

/** Waits until `read` gives something, and fails the test where it never does. */
export async function until<T>(what: string, read: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`Never came: ${what}.`);
    await delay(50);
  }
}

/** The error that a promise is rejected with; fails the test where it is not. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("The promise was not rejected with an error.");
}
