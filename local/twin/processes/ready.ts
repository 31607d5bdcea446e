import { setTimeout as delay } from "node:timers/promises";
import { TwinError } from "../errors.js";
import type { Child } from "./processes.js";

/** How often a starting server is asked whether it is ready, in ms. */
const PING_EVERY_MS = 100;

/** Time that a model may take to load, in ms; SageMaker allows as much by default for its health check. */
const READY_WITHIN_MS = 8 * 60_000;

/**
 * Waits until a server answers 200.
 *
 * @param what the server's name in the error
 * @throws TwinError `PROCESS_FAILED` with its last words, where it ends or is not ready in time
 */
export async function untilReady(child: Child, url: string, what: string): Promise<void> {
  const watch = { ended: false };
  void child.exited.then(() => (watch.ended = true));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(url)) || watch.ended) {
    if (watch.ended || Date.now() > deadline) {
      await child.stop();
      const fate = watch.ended ? "ended before it was ready" : "was not ready in time";
      throw new TwinError("PROCESS_FAILED", `${what} ${fate}. Its last words:\n${child.lastLines()}`);
    }
    await delay(PING_EVERY_MS);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Nothing listens yet.
    return false;
  }
}
