import { resourceRule, unless } from "../rule.js";

/** The most GPU instances that one endpoint may run. */
export const MOST_INSTANCES = 20;

/** Families with a GPU that today's container starts on; anything else costs money and does no work. */
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

/** GPUs are few, and of families that work. */
export const gpuCap = resourceRule(
  {
    name: "gpu-cap",
    description: `At most ${MOST_INSTANCES} instances an endpoint, of the GPU families that the container starts on`,
    severity: "high",
    mend: "Lower maxCapacity, or choose an instance type of an allowed family.",
  },
  {
    "aws:appautoscaling/target:Target": ({ maxCapacity }) =>
      unless(maxCapacity <= MOST_INSTANCES, `maxCapacity is ${maxCapacity}: at most ${MOST_INSTANCES} are allowed.`),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": ({ productionVariants }) =>
      productionVariants.flatMap(({ instanceType, initialInstanceCount }) => [
        ...unless(
          GPU_FAMILIES.includes(instanceType?.split(".")[1] ?? ""),
          `Instance type ${instanceType ?? "(none)"} is of no allowed GPU family: ${GPU_FAMILIES.join(", ")}.`,
        ),
        ...unless(
          (initialInstanceCount ?? 0) === 1,
          `initialInstanceCount is ${initialInstanceCount ?? "not set"}: it is 1, as each update starts that many GPUs.`,
        ),
      ]),
  },
);

/** Scale-in that ends busy instances loses jobs. */
export const noTrackedScaleIn = resourceRule(
  {
    name: "no-tracked-scale-in",
    description: "Target tracking never scales in: it would end instances that are at work",
    severity: "high",
    mend: "Set disableScaleIn on the target tracking policy; a policy of its own goes back to the fewest instances.",
  },
  {
    "aws:appautoscaling/policy:Policy": ({ policyType, targetTrackingScalingPolicyConfiguration: tracking }) => [
      ...unless(tracking === undefined || tracking.disableScaleIn === true, "Target tracking may scale in."),
      ...unless(
        policyType !== "PredictiveScaling",
        "Predictive scaling starts and ends instances by the clock, whether they are at work or not.",
      ),
    ],
  },
);
