import type { Assumptions } from "./assumptions.js";
import { nextState, type AlarmState } from "./aws/alarm.js";
import { runsAt } from "./aws/schedule.js";
import { ScalableTarget, type CapacityRequest } from "./aws/scalableTarget.js";
import { stepCapacity } from "./aws/stepScaling.js";
import { trackedCapacity, trackingAlarms } from "./aws/targetTracking.js";
import { MetricStore, type MinuteOfMetrics } from "./metrics.js";
import type { ScalingModel, ScalingPolicy } from "./scalingModel.js";

/** CloudWatch's alarms and Application Auto Scaling: each minute, metrics in, desired instances out. */
export class Autoscaler {
  private readonly store = new MetricStore();
  private readonly states = new Map<ScalingPolicy, AlarmState>();
  /** States of the lower alarms of target tracking. */
  private readonly lowStates = new Map<ScalingPolicy, AlarmState>();
  private readonly target: ScalableTarget;
  private readonly hidden: number;
  private starting = false;

  constructor(
    private readonly model: ScalingModel,
    private readonly assumptions: Assumptions,
  ) {
    this.target = new ScalableTarget(model.minCapacity, model.maxCapacity, model.minCapacity);
    this.hidden = Math.ceil(assumptions.publicationSeconds / 60);
    this.schedule(0);
  }

  get desired(): number {
    return this.target.desired;
  }

  /**
   * Evaluates the alarms at the end of a minute. An alarm calls its scaling policy each minute that it is on.
   *
   * @param starting whether instances start
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
   */
  minute(metrics: MinuteOfMetrics, now: number, starting: boolean): void {
    this.store.add(metrics);
    if (this.starting && !starting && this.assumptions.updates === "refused") this.target.completed(now);
    this.starting = starting;
    const requests = [...this.model.policies.flatMap((policy) => this.evaluate(policy)), ...this.trackedScaleIn()];
    if (!starting || this.assumptions.updates === "accepted") this.target.handle(requests, now);
    this.schedule(now);
  }

  private schedule(now: number): void {
    for (const { schedule, minCapacity, maxCapacity } of this.model.scheduled) {
      if (runsAt(schedule, Math.round(now / 60))) this.target.setBounds(minCapacity, maxCapacity);
    }
  }

  private evaluate(policy: ScalingPolicy): CapacityRequest[] {
    const range = this.store.range(policy, this.hidden);
    const state = nextState(policy.rule, range, this.states.get(policy) ?? "INSUFFICIENT_DATA");
    this.states.set(policy, state);
    const latest = range.findLast((value) => value !== undefined);
    if (state !== "ALARM" || latest === undefined) return [];
    const { name, step, tracking, rule } = policy;
    if (tracking) {
      return [
        {
          policy: name,
          // Its upper alarm is on, so it only scales out.
          capacityOf: (current) => Math.max(trackedCapacity(tracking.targetValue, latest, current), current),
          scaleOutCooldown: tracking.scaleOutCooldown,
          scaleInCooldown: undefined,
        },
      ];
    }
    if (!step) return [];
    return [
      {
        policy: name,
        capacityOf: (current) => stepCapacity(step, latest - rule.threshold, current),
        scaleOutCooldown: step.cooldown,
        scaleInCooldown: step.cooldown,
      },
    ];
  }

  /** Target tracking scales in only if all policies that may are ready for it. */
  private trackedScaleIn(): CapacityRequest[] {
    const mayScaleIn = this.model.policies.filter(({ tracking }) => tracking?.disableScaleIn === false);
    const ready = mayScaleIn.flatMap((policy) => this.scaleInOf(policy));
    return ready.length === mayScaleIn.length ? ready : [];
  }

  private scaleInOf(policy: ScalingPolicy): CapacityRequest[] {
    const { name, tracking, watched } = policy;
    if (!tracking) return [];
    const rule = trackingAlarms(tracking).low;
    const range = this.store.range({ watched, rule }, this.hidden);
    const state = nextState(rule, range, this.lowStates.get(policy) ?? "INSUFFICIENT_DATA");
    this.lowStates.set(policy, state);
    const latest = range.findLast((value) => value !== undefined);
    if (state !== "ALARM" || latest === undefined) return [];
    return [
      {
        policy: name,
        capacityOf: (current) => Math.min(trackedCapacity(tracking.targetValue, latest, current), current),
        scaleOutCooldown: tracking.scaleOutCooldown,
        scaleInCooldown: tracking.scaleInCooldown,
      },
    ];
  }
}
