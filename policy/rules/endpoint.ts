import { PREFIXES } from "../../contract/storage.js";
import { isUnknown, known } from "../references.js";
import { ofType, resourceRule, stackRule, unless, type Subject, type Typed } from "../rule.js";
import { BUCKET_IDENTITY } from "./buckets.js";

/** How long one invocation may run, in seconds: the most that InvokeEndpointAsync takes, and what the tools ask for. */
export const LONGEST_INVOCATION_SECONDS = 3600;

/** The host's image is named: SageMaker's default has a driver on which the container cannot start. */
export const hostImageNamed = resourceRule(
  {
    name: "inference-ami-named",
    description: "Every production variant names its host image (inferenceAmiVersion), and with it the GPU's driver",
    severity: "high",
    mend: "Set inferenceAmiVersion to an image whose driver fits the container's CUDA.",
  },
  {
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": ({ productionVariants }) =>
      productionVariants.flatMap(({ variantName, inferenceAmiVersion }, index) =>
        unless(
          inferenceAmiVersion !== undefined && inferenceAmiVersion !== "",
          `Production variant ${variantName ?? String(index + 1)} leaves its host image to SageMaker.`,
        ),
      ),
  },
);

/** What the model writes stays in the stack. */
export const outputStaysInStack = stackRule(
  {
    name: "async-output-in-stack",
    description:
      "The endpoint is asynchronous, and its results and failures go to the stack's bucket, under its prefixes",
    severity: "high",
    mend: "Point s3OutputPath and s3FailurePath below the prefixes of the stack's own bucket.",
  },
  (stack) =>
    ofType(stack, "aws:sagemaker/endpointConfiguration:EndpointConfiguration").flatMap((configuration) =>
      outputFaults(configuration, stack).map((message) => ({ urn: configuration.urn, message })),
    ),
);

/** An update loses no work and leaves no bad image in service. */
export const updatesAreSafe = resourceRule(
  {
    name: "updates-are-safe",
    description:
      "An endpoint's update is blue/green, keeps the old fleet as long as one invocation may run, and is rolled back " +
      "by an alarm",
    severity: "high",
    mend:
      `Set blueGreenUpdatePolicy.terminationWaitInSeconds to ${LONGEST_INVOCATION_SECONDS}, and name an alarm in ` +
      "autoRollbackConfiguration.",
  },
  {
    "aws:sagemaker/endpoint:Endpoint": ({ deploymentConfig }) => {
      const wait = deploymentConfig?.blueGreenUpdatePolicy?.terminationWaitInSeconds ?? 0;
      const alarms = deploymentConfig?.autoRollbackConfiguration?.alarms ?? [];
      return [
        ...unless(
          wait >= LONGEST_INVOCATION_SECONDS,
          `The old fleet is ended ${wait} s after an update: running work may take ${LONGEST_INVOCATION_SECONDS} s.`,
        ),
        ...unless(alarms.length > 0, "No alarm rolls an update back: a bad image would stay in service."),
      ];
    },
  },
);

/** The model reaches no network, and what runs is what was built. */
export const modelIsIsolated = resourceRule(
  {
    name: "model-isolated",
    description: "The model's container reaches no network, and its image is named by digest",
    severity: "high",
    mend: "Set enableNetworkIsolation, and refer to the image as repository@sha256:...",
  },
  {
    "aws:sagemaker/model:Model": ({ enableNetworkIsolation, primaryContainer, containers }) => [
      ...unless(enableNetworkIsolation === true, "The model's container may reach the network."),
      ...[primaryContainer, ...(containers ?? [])]
        .flatMap((container) => container?.image ?? [])
        .filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image))
        .map((image) => `Image ${image} is not named by its digest: what a tag means may change.`),
    ],
  },
);

function outputFaults(
  { props, references }: Typed<"aws:sagemaker/endpointConfiguration:EndpointConfiguration">,
  stack: readonly Subject[],
): readonly string[] {
  const output = props.asyncInferenceConfig?.outputConfig;
  if (output === undefined) return ["The endpoint is not asynchronous: it cannot rest at zero instances."];
  const buckets = ofType(stack, "aws:s3/bucket:Bucket");
  const refers = references["asyncInferenceConfig"]?.some((urn) => buckets.some((bucket) => bucket.urn === urn));
  const fault = (read: () => string | undefined, property: string, prefix: string): readonly string[] => {
    if (isUnknown(read)) return unless(refers === true, `${property} is not in the stack's bucket.`);
    const path = read();
    const own = buckets.some((bucket) =>
      BUCKET_IDENTITY.some((key) => path?.startsWith(`s3://${String(known(() => bucket.props[key]))}/${prefix}`)),
    );
    return unless(own, `${property} is ${path ?? "not set"}: it must lie below ${prefix} in the stack's bucket.`);
  };
  return [
    ...fault(() => output.s3OutputPath, "s3OutputPath", PREFIXES.output),
    ...fault(() => output.s3FailurePath, "s3FailurePath", PREFIXES.failure),
  ];
}
