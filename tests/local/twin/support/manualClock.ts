import type { Clock } from "../../../../local/twin/clock.js";

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** A clock that only moves when a test advances it. */
export class ManualClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private timers: Timer[] = [];

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.time + delayMs, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Number of timers that are set. */
  get pending(): number {
    return this.timers.length;
  }

  /** Advances the clock, and calls the actions that become due, in order. */
  async advance(seconds: number): Promise<void> {
    const end = this.time + seconds * 1000;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = due.at;
      due.action();
      await settled();
    }
    this.time = end;
    await settled();
  }
}

/** Lets promises that are already resolved take effect. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
