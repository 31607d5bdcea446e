import type { FaultPlan } from "./faultPlan.js";

/** Shares of messages that come twice, and that come after the next one. */
export interface MessageShares {
  readonly doubled: number;
  readonly reordered: number;
}

/** Doubles and reorders messages of one kind. */
export class MessageFaults {
  private held: (() => Promise<void>) | undefined;

  /** @param kind as the plan counts it, such as `message` */
  constructor(
    private readonly plan: FaultPlan,
    private readonly kind: string,
    private readonly shares: MessageShares,
  ) {}

  /** Sends a message: once, twice, or after the next one. */
  async send(send: () => Promise<void>, key: string): Promise<void> {
    if (this.held === undefined && this.plan.happens(`${this.kind} reordered`, key, this.shares.reordered)) {
      this.held = send;
      return;
    }
    await send();
    if (this.plan.happens(`${this.kind} doubled`, key, this.shares.doubled)) await send();
    await this.deliverHeld();
  }

  /** Delivers a message that waits for the next one. */
  async deliverHeld(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    await held?.();
  }
}
