/** The time of the twin. Tests replace it, so that they can pass hours at once. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * How far the clock is ahead of the machine's, in ms. Functions run in processes of their own and are told.
   *
   * @default 0
   */
  readonly aheadMs?: number;
  /**
   * Calls `action` once after `delayMs` milliseconds.
   *
   * @returns a function that cancels the call
   */
  after(delayMs: number, action: () => void): () => void;
}

/** The machine's clock; its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
