import { resourceRule, unless } from "../rule.js";

/** Maximum number of GPU instances of one endpoint. */
export const MOST_INSTANCES = 20;

/** GPU families on which the container starts; another family costs money and does no work. */
export const GPU_FAMILIES: readonly string[] = [
  "g4dn",
  "g5",
  "g6",
  "g6e",
  "g7e",
  "p4d",
  "p4de",
  "p5",
  "p5e",
  "p5en",
  "p6-b200",
  "p6-b300",
];

/** The number of GPU instances is limited, and their families work. */
export const gpuCap = resourceRule(
  {
    name: "gpu-cap",
    description: `At most ${MOST_INSTANCES} instances per endpoint, of the GPU families on which the container starts`,
    severity: "high",
    fix: "Lower maxCapacity, or choose an instance type of an allowed family.",
  },
  {
    "aws:appautoscaling/target:Target": ({ maxCapacity }) =>
      unless(maxCapacity <= MOST_INSTANCES, `maxCapacity is ${maxCapacity}: at most ${MOST_INSTANCES} are allowed.`),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": ({ productionVariants }) =>
      productionVariants.flatMap(({ instanceType, initialInstanceCount }) => [
        ...unless(
          GPU_FAMILIES.includes(instanceType?.split(".")[1] ?? ""),
          `Instance type ${instanceType ?? "(none)"} is not of an allowed GPU family: ${GPU_FAMILIES.join(", ")}.`,
        ),
        ...unless(
          (initialInstanceCount ?? 0) === 1,
          `initialInstanceCount is ${initialInstanceCount ?? "not set"}: it must be 1, because each update starts this number of instances.`,
        ),
      ]),
  },
);

/** Scale-in that stops busy instances loses jobs. */
export const noTrackedScaleIn = resourceRule(
  {
    name: "no-tracked-scale-in",
    description: "Target tracking never scales in: it would stop busy instances",
    severity: "high",
    fix: "Set disableScaleIn on the target tracking policy; a separate policy goes back to the minimum.",
  },
  {
    "aws:appautoscaling/policy:Policy": ({ policyType, targetTrackingScalingPolicyConfiguration: tracking }) => [
      ...unless(tracking === undefined || tracking.disableScaleIn === true, "Target tracking may scale in."),
      ...unless(
        policyType !== "PredictiveScaling",
        "Predictive scaling starts and stops instances at fixed times, even if they are busy.",
      ),
    ],
  },
);
