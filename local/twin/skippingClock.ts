import type { Clock } from "./clock.js";

interface Timer {
  /** Time of this clock at which it is due, in ms since 1970. */
  readonly at: number;
  readonly action: () => void;
  machineTimer: NodeJS.Timeout;
}

/** The machine's clock, which can skip hours: whatever became due meanwhile happens at once, in order. */
export class SkippingClock implements Clock {
  private skippedMs = 0;
  private readonly timers = new Set<Timer>();

  /** How far the clock is ahead of the machine's, in ms; functions see the same time. */
  get aheadMs(): number {
    return this.skippedMs;
  }

  now(): number {
    return Date.now() + this.skippedMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer: Timer = { at: this.now() + delayMs, action, machineTimer: this.arm(delayMs, () => timer) };
    this.timers.add(timer);
    return () => {
      this.remove(timer);
    };
  }

  /** Skips a number of seconds. A repeated action, such as a schedule, happens once for each skip. */
  skip(seconds: number): void {
    this.skippedMs += seconds * 1_000;
    const now = this.now();
    const known = [...this.timers].sort((a, b) => a.at - b.at);
    for (const timer of known) {
      if (!this.timers.has(timer)) continue;
      clearTimeout(timer.machineTimer);
      if (timer.at > now) timer.machineTimer = this.arm(timer.at - now, () => timer);
      else this.fire(timer);
    }
  }

  private arm(delayMs: number, timerOf: () => Timer): NodeJS.Timeout {
    return setTimeout(() => {
      this.fire(timerOf());
    }, delayMs).unref();
  }

  private fire(timer: Timer): void {
    this.remove(timer);
    timer.action();
  }

  private remove(timer: Timer): void {
    clearTimeout(timer.machineTimer);
    this.timers.delete(timer);
  }
}
