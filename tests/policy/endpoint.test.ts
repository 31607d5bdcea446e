import { hostImageNamed, modelIsIsolated, outputStaysInStack, updatesAreSafe } from "../../policy/rules/endpoint.js";
import { imagesAreFixed } from "../../policy/rules/images.js";
import { describeRule, resource, urnOf, withUnknown } from "./support/cases.js";

const DIGEST = `123456789012.dkr.ecr.us-east-1.amazonaws.com/vep@sha256:${"0a".repeat(32)}`;
const variant = (given: object) => [
  resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration", {
    productionVariants: [
      { variantName: "AllTraffic", instanceType: "ml.g6.2xlarge", initialInstanceCount: 1, ...given },
    ],
  }),
];

describeRule(hostImageNamed, {
  holds: [
    { what: "a named host image", stack: variant({ inferenceAmiVersion: "al2023-ami-sagemaker-inference-gpu-4-1" }) },
  ],
  broken: [
    { what: "SageMaker's default", stack: variant({}), says: /AllTraffic does not set its host image/ },
    {
      what: "an empty name",
      stack: variant({ inferenceAmiVersion: "" }),
      says: /AllTraffic does not set its host image/,
    },
  ],
});

const bucket = resource("aws:s3/bucket:Bucket", { bucket: "data-1a2b3c4" }, { name: "data" });
const output = (outputConfig: { s3OutputPath: string; s3FailurePath?: string }, references = {}) =>
  resource(
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    { asyncInferenceConfig: { outputConfig } },
    { references },
  );
const OWN = {
  s3OutputPath: "s3://data-1a2b3c4/async-inference-output/",
  s3FailurePath: "s3://data-1a2b3c4/async-inference-failures/",
};
const UNKNOWN = withUnknown(OWN, "s3OutputPath", "s3FailurePath");

describeRule(outputStaysInStack, {
  holds: [
    { what: "paths in the stack's bucket", stack: [bucket, output(OWN)] },
    {
      what: "a bucket that is not made yet",
      stack: [bucket, output(UNKNOWN, { asyncInferenceConfig: [urnOf("aws:s3/bucket:Bucket", "data")] })],
    },
  ],
  broken: [
    {
      what: "another bucket",
      stack: [bucket, output({ ...OWN, s3OutputPath: "s3://elsewhere/async-inference-output/" })],
      says: /s3:\/\/elsewhere/,
    },
    {
      what: "a bucket whose name begins alike",
      stack: [bucket, output({ ...OWN, s3OutputPath: "s3://data-1a2b3c4d/async-inference-output/" })],
      says: /1a2b3c4d/,
    },
    {
      what: "another prefix",
      stack: [bucket, output({ ...OWN, s3OutputPath: "s3://data-1a2b3c4/uploads/" })],
      says: /below async-inference-output\//,
    },
    {
      what: "failures without a place",
      stack: [bucket, output({ s3OutputPath: OWN.s3OutputPath })],
      says: /s3FailurePath is not set/,
    },
    {
      what: "a path from nowhere",
      stack: [bucket, output(UNKNOWN)],
      says: /s3OutputPath is not in the stack's bucket/,
    },
    {
      what: "an endpoint that answers at once",
      stack: [resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration", {})],
      says: /not asynchronous/,
    },
  ],
});

const update = (deploymentConfig?: object) => [
  resource("aws:sagemaker/endpoint:Endpoint", { ...(deploymentConfig ? { deploymentConfig } : {}) }),
];

const after = (terminationWaitInSeconds: number) => ({ blueGreenUpdatePolicy: { terminationWaitInSeconds } });
const SLOWLY = after(1680);
const shortInvocations = resource("aws:lambda/function:Function", {
  environment: { variables: { MAX_INVOCATION_SECONDS: "600" } },
});
const WATCHED = { autoRollbackConfiguration: { alarms: [{ alarmName: "faults" }] } };

describeRule(updatesAreSafe, {
  holds: [
    { what: "a wait for the longest invocation, under an alarm", stack: update({ ...SLOWLY, ...WATCHED }) },
    {
      what: "a shorter wait where invocations are shorter",
      stack: [...update({ ...WATCHED, ...after(600) }), shortInvocations],
    },
  ],
  broken: [
    { what: "SageMaker's defaults", stack: update(), says: /stopped 0 s after an update.*\n.*No alarm/ },
    {
      what: "a shorter wait",
      stack: update({ ...WATCHED, ...after(600) }),
      says: /^The old fleet is stopped 600 s/,
    },
    {
      what: "a wait below the invocations of the stack",
      stack: [...update({ ...WATCHED, ...after(599) }), shortInvocations],
      says: /^The old fleet is stopped 599 s after an update: a running invocation may take 600 s/,
    },
    {
      what: "a wait after which the provider has stopped waiting",
      stack: update({ ...WATCHED, ...after(3600) }),
      says: /^The old fleet is kept for 3600 s: above 1680 s/,
    },
    { what: "nobody who watches", stack: update(SLOWLY), says: /^No alarm rolls an update back/ },
    {
      what: "no alarm among those who watch",
      stack: update({ ...SLOWLY, autoRollbackConfiguration: { alarms: [] } }),
      says: /^No alarm rolls an update back/,
    },
  ],
});

describeRule(modelIsIsolated, {
  holds: [
    {
      what: "an isolated model",
      stack: [
        resource("aws:sagemaker/model:Model", { enableNetworkIsolation: true, primaryContainer: { image: DIGEST } }),
      ],
    },
  ],
  broken: [
    {
      what: "a model with a network",
      stack: [resource("aws:sagemaker/model:Model", { primaryContainer: { image: DIGEST } })],
      says: /has network access/,
    },
    {
      what: "an image by its tag",
      stack: [
        resource("aws:sagemaker/model:Model", { enableNetworkIsolation: true, containers: [{ image: "vep:latest" }] }),
      ],
      says: /vep:latest is not referred to by digest/,
    },
  ],
});

describeRule(imagesAreFixed, {
  holds: [
    {
      what: "fixed tags and scans",
      stack: [
        resource("aws:ecr/repository:Repository", {
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
        }),
      ],
    },
  ],
  broken: [
    {
      what: "ECR's defaults",
      stack: [resource("aws:ecr/repository:Repository", {})],
      says: /MUTABLE.*\n.*not scanned/,
    },
    {
      what: "scans turned off",
      stack: [
        resource("aws:ecr/repository:Repository", {
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: false },
        }),
      ],
      says: /^Images are not scanned/,
    },
  ],
});
