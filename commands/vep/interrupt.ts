import type { Target } from "./target.js";

/** Exit code of what a second Ctrl-C ends: 128 and the number of the signal. */
const INTERRUPTED = 130;

/**
 * Runs something that waits, with a signal that Ctrl-C sets: it ends the waiting, not the jobs. A second Ctrl-C ends the
 * process.
 */
export async function interruptible<Result>(act: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const interrupt = new AbortController();
  // Stays until the end: what restores the cursor of a terminal would end the process where it listens alone.
  const stopWaiting = (): void => {
    if (interrupt.signal.aborted) process.exit(INTERRUPTED);
    interrupt.abort(new Error("interrupted"));
  };
  process.on("SIGINT", stopWaiting);
  try {
    return await act(interrupt.signal);
  } finally {
    process.off("SIGINT", stopWaiting);
  }
}

/**
 * What is said after Ctrl-C.
 *
 * @param id id of the job that the user can read later. Default: what stands for it
 */
export function interruptedText({ ownTwin }: Pick<Target, "ownTwin">, id = "ID"): string {
  return ownTwin
    ? "Interrupted: the jobs end with the twin of this command. Results that are written are kept."
    : `Interrupted: submitted jobs go on. The same command continues where this one stopped; vep get ${id} shows one job.`;
}
