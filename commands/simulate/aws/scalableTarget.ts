/** What one policy asks of a scalable target, because its alarm is on. */
export interface CapacityRequest {
  /** Name of the policy. */
  readonly policy: string;
  /** The capacity that it asks for, given the current one; undefined for none. */
  readonly capacityOf: (current: number) => number | undefined;
  /** Seconds. */
  readonly scaleOutCooldown: number;
  /** Seconds; undefined if the policy never scales in. */
  readonly scaleInCooldown: number | undefined;
}

/** A cooldown after a scale-out: until then the capacity from before it counts as the current one. */
interface ScaleOut {
  readonly before: number;
  readonly cooldown: number;
  until: number;
}

/**
 * A scalable target of Application Auto Scaling, with its cooldowns.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html (cooldowns)
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 *   (multiple policies)
 */
export class ScalableTarget {
  private readonly scaledOut = new Map<string, ScaleOut>();
  private noScaleInBefore = -Infinity;
  private latest: ScaleOut | undefined;

  /**
   * @param min minimum capacity
   * @param max maximum capacity
   * @param desired the capacity at the start
   */
  constructor(
    private min: number,
    private max: number,
    public desired: number,
  ) {
    this.desired = this.within(desired);
  }

  /** What a scheduled action does: new bounds, at once and whatever the cooldowns. */
  setBounds(min: number | undefined, max: number | undefined): void {
    this.min = min ?? this.min;
    this.max = max ?? this.max;
    this.desired = this.within(this.desired);
  }

  /**
   * Handles the policies whose alarms are on at one moment: a scale-out comes before a scale-in, and of several policies
   * the largest capacity wins.
   *
   * @param now seconds
   */
  handle(requests: readonly CapacityRequest[], now: number): void {
    const wishes = requests.flatMap((request) => {
      const cooling = this.coolingOf(request.policy, now);
      const asked = request.capacityOf(cooling?.before ?? this.desired);
      return asked === undefined ? [] : [{ request, cooling, capacity: this.within(asked) }];
    });
    const out = largest(wishes.filter(({ capacity }) => capacity > this.desired));
    if (out) {
      const { request, cooling, capacity } = out;
      this.latest = {
        before: cooling?.before ?? this.desired,
        cooldown: request.scaleOutCooldown,
        until: now + request.scaleOutCooldown,
      };
      this.scaledOut.set(request.policy, this.latest);
      this.noScaleInBefore = -Infinity;
      this.desired = capacity;
      return;
    }
    if (now < this.noScaleInBefore) return;
    const mayScaleIn = wishes.filter(
      ({ request, cooling }) => request.scaleInCooldown !== undefined && cooling === undefined,
    );
    const into = largest(mayScaleIn.filter(({ capacity }) => capacity < this.desired));
    if (!into) return;
    this.desired = into.capacity;
    this.noScaleInBefore = now + (into.request.scaleInCooldown ?? 0);
  }

  /** The latest scale-out is complete: its cooldown starts now, if cooldowns start with the completion. */
  completed(now: number): void {
    if (this.latest) this.latest.until = now + this.latest.cooldown;
    this.latest = undefined;
  }

  private coolingOf(policy: string, now: number): ScaleOut | undefined {
    const scaledOut = this.scaledOut.get(policy);
    return scaledOut && now < scaledOut.until ? scaledOut : undefined;
  }

  private within(capacity: number): number {
    return Math.min(Math.max(capacity, this.min), this.max);
  }
}

function largest<Wish extends { readonly capacity: number }>(wishes: readonly Wish[]): Wish | undefined {
  return wishes.reduce<Wish | undefined>(
    (best, wish) => (best === undefined || wish.capacity > best.capacity ? wish : best),
    undefined,
  );
}
