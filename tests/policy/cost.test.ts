import { expect } from "chai";
import { CONFIG_KEYS } from "../../components/config/keys.js";
import { GPU_FAMILIES as TABLE } from "../../components/shared/gpuInstances.js";
import { GPU_FAMILIES, gpuCap, MOST_INSTANCES, noTrackedScaleIn } from "../../policy/rules/cost.js";
import { describeRule, resource } from "./support/cases.js";

const variant = (given: object) => [
  resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration", {
    productionVariants: [
      { variantName: "AllTraffic", instanceType: "ml.g6.2xlarge", initialInstanceCount: 1, ...given },
    ],
  }),
];

describeRule(gpuCap, {
  holds: [
    { what: "one GPU of an allowed family", stack: variant({}) },
    {
      what: "the most instances",
      stack: [resource("aws:appautoscaling/target:Target", { maxCapacity: MOST_INSTANCES })],
    },
  ],
  broken: [
    {
      what: "one instance too many",
      stack: [resource("aws:appautoscaling/target:Target", { maxCapacity: 21 })],
      says: /maxCapacity is 21/,
    },
    {
      what: "a type without a GPU",
      stack: variant({ instanceType: "ml.m5.xlarge" }),
      says: /ml\.m5\.xlarge is not of an allowed/,
    },
    {
      what: "a GPU that the driver left behind",
      stack: variant({ instanceType: "ml.p3.2xlarge" }),
      says: /ml\.p3\.2xlarge/,
    },
    { what: "a fleet at every update", stack: variant({ initialInstanceCount: 4 }), says: /initialInstanceCount is 4/ },
  ],
});

describe("the GPU cap", () => {
  it("allows the families of the program's table, and no others", () => {
    expect([...GPU_FAMILIES].sort()).to.deep.equal(Object.keys(TABLE).sort());
  });

  it("allows as many instances as the configuration", () => {
    const { schema } = CONFIG_KEYS.maxCapacity;

    expect(schema.safeParse(String(MOST_INSTANCES))).to.deep.equal({ success: true, data: MOST_INSTANCES });
    expect(schema.safeParse(String(MOST_INSTANCES + 1))).to.include({ success: false });
  });
});

const tracking = (disableScaleIn?: boolean) => [
  resource("aws:appautoscaling/policy:Policy", {
    policyType: "TargetTrackingScaling",
    targetTrackingScalingPolicyConfiguration: {
      targetValue: 5,
      ...(disableScaleIn === undefined ? {} : { disableScaleIn }),
    },
  }),
];

describeRule(noTrackedScaleIn, {
  holds: [
    { what: "tracking that only scales out", stack: tracking(true) },
    { what: "steps", stack: [resource("aws:appautoscaling/policy:Policy", { policyType: "StepScaling" })] },
  ],
  broken: [
    { what: "tracking as it comes", stack: tracking(), says: /may scale in/ },
    { what: "tracking that scales in", stack: tracking(false), says: /may scale in/ },
    {
      what: "a forecast",
      stack: [resource("aws:appautoscaling/policy:Policy", { policyType: "PredictiveScaling" })],
      says: /fixed times/,
    },
  ],
});
