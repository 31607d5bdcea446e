import { createHash } from "node:crypto";

/** Which faults happen: the same for the same seed, whatever the order in which things happen. */
export class FaultPlan {
  /** Number of injected faults of each kind. */
  readonly injected = new Map<string, number>();
  private readonly calls = new Map<string, number>();
  private active = true;

  constructor(private readonly seed: number) {}

  /** From now on nothing fails. */
  end(): void {
    this.active = false;
  }

  /** A number from 0 to 1 that belongs to a name. */
  number(name: string): number {
    return createHash("sha256").update(`${this.seed}/${name}`).digest().readUInt32BE(0) / 2 ** 32;
  }

  /**
   * Whether a fault happens now.
   *
   * @param kind of fault
   * @param key what it happens to, such as a job
   * @param share of its calls that fail, 0 to 1
   * @param together number of calls, one after the other, that fail or succeed together
   */
  happens(kind: string, key: string, share: number, together = 1): boolean {
    if (!this.active) return false;
    const name = `${kind}/${key}`;
    const call = this.calls.get(name) ?? 0;
    this.calls.set(name, call + 1);
    const fails = this.number(`${name}/${Math.floor(call / together)}`) < share;
    if (fails) this.count(kind);
    return fails;
  }

  /** Counts an injected fault. */
  count(kind: string): void {
    this.injected.set(kind, (this.injected.get(kind) ?? 0) + 1);
  }
}
