import { setTimeout as delay } from "node:timers/promises";
import { TwinError } from "../errors.js";
import type { Child } from "./processes.js";

/** Time between two health checks of a starting server, in ms. */
const PING_EVERY_MS = 100;

/** Time that a model may take to load, in ms: the default of SageMaker's health check at start. */
const READY_WITHIN_MS = 8 * 60_000;

/**
 * Waits until a server answers with a success status.
 *
 * @param name of the server in the error
 * @throws TwinError `PROCESS_FAILED` with its last lines, if it ends or is not ready in time
 */
export async function untilReady(child: Child, url: string, name: string): Promise<void> {
  const watch = { ended: false };
  void child.exited.then(() => (watch.ended = true));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(url)) || watch.ended) {
    if (watch.ended || Date.now() > deadline) {
      await child.stop();
      const fate = watch.ended ? "ended before it was ready" : "was not ready in time";
      throw new TwinError("PROCESS_FAILED", `${name} ${fate}. Its last lines:\n${child.lastLines()}`);
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
