import * as aws from "@pulumi/aws";
import type { ComponentResource, Input } from "@pulumi/pulumi";

/** The target of a policy or a scheduled action, as its arguments name it. */
export function targetOf(target: aws.appautoscaling.Target): {
  readonly serviceNamespace: Input<string>;
  readonly scalableDimension: Input<string>;
  readonly resourceId: Input<string>;
} {
  const { serviceNamespace, scalableDimension, resourceId } = target;
  return { serviceNamespace, scalableDimension, resourceId };
}

/** One step that an alarm triggers at its threshold and above. */
export interface PolicyStep {
  readonly adjustmentType: "ExactCapacity" | "ChangeInCapacity";
  /** Number of instances, or change of that number. */
  readonly adjustment: number;
  /** Seconds. */
  readonly cooldown: number;
}

/**
 * A step scaling policy.
 *
 * @param name its logical name
 */
export function stepPolicy(
  parent: ComponentResource,
  name: string,
  target: aws.appautoscaling.Target,
  { adjustmentType, adjustment, cooldown }: PolicyStep,
): aws.appautoscaling.Policy {
  return new aws.appautoscaling.Policy(
    name,
    {
      ...targetOf(target),
      policyType: "StepScaling",
      stepScalingPolicyConfiguration: {
        adjustmentType,
        cooldown,
        metricAggregationType: "Maximum",
        stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: adjustment }],
      },
    },
    { parent },
  );
}
