/** Time as the twin sees it, so that hours of waiting can be tested in no time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Calls `action` once, `delayMs` from now.
   *
   * @returns cancels the call
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
