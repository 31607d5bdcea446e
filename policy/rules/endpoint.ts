import { JOB_ENVIRONMENT } from "../../contract/environment.js";
import { MAX_INVOCATION_SECONDS } from "../../contract/limits.js";
import { PREFIXES } from "../../contract/storage.js";
import { isUnknown, known } from "../references.js";
import { ofType, resourceRule, stackRule, unless, type Subject, type Typed } from "../rule.js";
import { BUCKET_IDENTITY } from "./buckets.js";

/** The host image is set: the default of SageMaker has a driver on which the container cannot start. */
export const hostImageNamed = resourceRule(
  {
    name: "inference-ami-named",
    description: "Every production variant sets its host image (inferenceAmiVersion), and with it the GPU driver",
    severity: "high",
    fix: "Set inferenceAmiVersion to an image whose driver fits the container's CUDA.",
  },
  {
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": ({ productionVariants }) =>
      productionVariants.flatMap(({ variantName, inferenceAmiVersion }, index) =>
        unless(
          inferenceAmiVersion !== undefined && inferenceAmiVersion !== "",
          `Production variant ${variantName ?? String(index + 1)} does not set its host image (inferenceAmiVersion).`,
        ),
      ),
  },
);

/** The output of the model stays in the stack. */
export const outputStaysInStack = stackRule(
  {
    name: "async-output-in-stack",
    description:
      "The endpoint is asynchronous, and its results and failures go to the stack's bucket, under its prefixes",
    severity: "high",
    fix: "Point s3OutputPath and s3FailurePath below the prefixes of the stack's own bucket.",
  },
  (stack) =>
    ofType(stack, "aws:sagemaker/endpointConfiguration:EndpointConfiguration").flatMap((configuration) =>
      outputFaults(configuration, stack).map((message) => ({ urn: configuration.urn, message })),
    ),
);

/** An update loses no jobs, and a bad image does not stay in service. */
export const updatesAreSafe = stackRule(
  {
    name: "updates-are-safe",
    description:
      "The update of an endpoint is blue/green, keeps the old fleet for the longest invocation, ends before the " +
      "provider stops waiting, and is rolled back by an alarm",
    severity: "high",
    fix:
      "Set blueGreenUpdatePolicy.terminationWaitInSeconds to maxInvocationSeconds, and name an alarm in " +
      "autoRollbackConfiguration.",
  },
  (stack) => {
    const longest = longestInvocation(stack);
    return ofType(stack, "aws:sagemaker/endpoint:Endpoint").flatMap(({ urn, props }) => {
      const wait = props.deploymentConfig?.blueGreenUpdatePolicy?.terminationWaitInSeconds ?? 0;
      const alarms = props.deploymentConfig?.autoRollbackConfiguration?.alarms ?? [];
      return [
        ...unless(
          wait >= longest,
          `The old fleet is stopped ${wait} s after an update: a running invocation may take ${longest} s.`,
        ),
        ...unless(
          wait <= MAX_INVOCATION_SECONDS,
          `The old fleet is kept for ${wait} s: above ${MAX_INVOCATION_SECONDS} s the provider stops waiting before ` +
            "the update ends.",
        ),
        ...unless(alarms.length > 0, "No alarm rolls an update back: a bad image would stay in service."),
      ].map((message) => ({ urn, message }));
    });
  },
);

/** How long an invocation may take, in seconds: the longest that a function of the stack asks for. */
function longestInvocation(stack: readonly Subject[]): number {
  const asked = ofType(stack, "aws:lambda/function:Function").flatMap(({ props }) =>
    known(() => props.environment?.variables?.[JOB_ENVIRONMENT.maxInvocationSeconds] ?? []),
  );
  return asked.length === 0 ? MAX_INVOCATION_SECONDS : Math.max(...asked.map(Number));
}

/** The model has no network access, and its image cannot change. */
export const modelIsIsolated = resourceRule(
  {
    name: "model-isolated",
    description: "The container of the model has no network access, and its image is referred to by digest",
    severity: "high",
    fix: "Set enableNetworkIsolation, and refer to the image as repository@sha256:...",
  },
  {
    "aws:sagemaker/model:Model": ({ enableNetworkIsolation, primaryContainer, containers }) => [
      ...unless(enableNetworkIsolation === true, "The container of the model has network access."),
      ...[primaryContainer, ...(containers ?? [])]
        .flatMap((container) => container?.image ?? [])
        .filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image))
        .map((image) => `Image ${image} is not referred to by digest: a tag can move to another image.`),
    ],
  },
);

function outputFaults(
  { props, references }: Typed<"aws:sagemaker/endpointConfiguration:EndpointConfiguration">,
  stack: readonly Subject[],
): readonly string[] {
  const output = props.asyncInferenceConfig?.outputConfig;
  if (output === undefined) return ["The endpoint is not asynchronous: it cannot scale to zero instances."];
  const buckets = ofType(stack, "aws:s3/bucket:Bucket");
  const refers = references["asyncInferenceConfig"]?.some((urn) => buckets.some((bucket) => bucket.urn === urn));
  const fault = (read: () => string | undefined, property: string, prefix: string): readonly string[] => {
    if (isUnknown(read)) return unless(refers === true, `${property} is not in the stack's bucket.`);
    const path = read();
    const own = buckets.some((bucket) =>
      BUCKET_IDENTITY.some((key) => path?.startsWith(`s3://${String(known(() => bucket.props[key]))}/${prefix}`)),
    );
    return unless(own, `${property} is ${path ?? "not set"}: it must be below ${prefix} in the stack's bucket.`);
  };
  return [
    ...fault(() => output.s3OutputPath, "s3OutputPath", PREFIXES.output),
    ...fault(() => output.s3FailurePath, "s3FailurePath", PREFIXES.failure),
  ];
}
