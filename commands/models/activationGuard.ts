import { DescribeAlarmsCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { DescribeEndpointCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import { guardAlarmNames } from "../../components/shared/modelNames.js";
import { ecrImage } from "../../components/shared/imageReference.js";
import type { DeployedVersion } from "./modelRegistry.js";

/** How much lower the mean Spearman of a version may be than that of the active one. */
export const DEFAULT_MARGIN = 0.02;

/** The state of an endpoint. */
export interface EndpointFacts {
  /** SageMaker's `EndpointStatus`; `missing` if it does not exist. */
  readonly status: string;
  readonly instances: number;
}

/** What the guard asks. */
export interface GuardClients {
  readonly sageMaker: Pick<SageMakerClient, "send">;
  readonly cloudWatch: Pick<CloudWatchClient, "send">;
  /** Undefined on the twin, which has no images. */
  readonly ecr: Pick<ECRClient, "send"> | undefined;
}

/** The state of a version's endpoint. */
export async function endpointFacts(endpoint: string, { sageMaker }: GuardClients): Promise<EndpointFacts> {
  try {
    const { EndpointStatus = "Unknown", ProductionVariants = [] } = await sageMaker.send(
      new DescribeEndpointCommand({ EndpointName: endpoint }),
    );
    return { status: EndpointStatus, instances: ProductionVariants[0]?.CurrentInstanceCount ?? 0 };
  } catch (error) {
    if (error instanceof Error && /^Validation(Exception|Error)$/.test(error.name)) {
      return { status: "missing", instances: 0 };
    }
    throw error;
  }
}

/**
 * Why a version should not be activated, with what to do about it. An endpoint in an update or one that scales is
 * `Updating`: what runs on it is not decided yet.
 */
export async function servingFaults(
  version: DeployedVersion,
  facts: EndpointFacts,
  clients: GuardClients,
): Promise<string[]> {
  const faults: string[] = [];
  if (facts.status !== "InService") {
    const wait = /Updating|Creating|RollingBack/.test(facts.status)
      ? "wait until it is InService"
      : "repair it with pulumi up";
    faults.push(`the endpoint ${version.endpoint} is ${facts.status}, not InService: ${wait}`);
  }
  const gone = clients.ecr && (await imageFault(version.image, clients.ecr));
  return gone === undefined ? faults : [...faults, gone];
}

/**
 * Why the figures of a version speak against it, compared with those of the active one on the same assays.
 *
 * @param margin how much lower its mean Spearman may be
 */
export function figureFaults(version: DeployedVersion, active: DeployedVersion, margin: number): string[] {
  const [one, other] = [version.figures, active.figures];
  if (other === undefined) return [];
  if (one === undefined) {
    return [
      `${active.name} was measured and ${version.name} was not: run vep models measure ${version.name} with the same assays`,
    ];
  }
  return [...gateFaults(version, active), ...validationFaults(version, active, margin)];
}

function gateFaults(
  { name, figures: one }: DeployedVersion,
  { name: than, figures: other }: DeployedVersion,
): string[] {
  if (one?.precision !== "float32" || !other?.precision || other.precision === "float32") return [];
  return [
    `the gate of ${name} let only float32 pass, and that of ${than} ${other.precision}: it is slower than planned`,
  ];
}

function validationFaults(version: DeployedVersion, active: DeployedVersion, margin: number): string[] {
  const [one, other] = [version.figures?.validation, active.figures?.validation];
  if (!other) return [];
  if (!one) return [`${version.name} has no validation figures: run vep models measure ${version.name} --assay FILE`];
  const shared = one.assays.flatMap((assay) => {
    const same = other.assays.find(({ name }) => name === assay.name);
    return same ? [{ one: assay.spearman, other: same.spearman }] : [];
  });
  if (shared.length === 0) {
    return [`${version.name} and ${active.name} were measured with different assays: measure both with the same ones`];
  }
  const mean = (side: "one" | "other"): number => shared.reduce((sum, pair) => sum + pair[side], 0) / shared.length;
  const lower = mean("other") - mean("one");
  if (lower <= margin) return [];
  return [
    `the mean Spearman of ${version.name} on ${shared.length} assay(s) is ${mean("one").toFixed(3)}, ` +
      `${lower.toFixed(3)} below that of ${active.name}; the margin is ${margin}`,
  ];
}

/** Alarms of `modelGuard` that went off already: CloudWatch calls the guard at a change of their state, which does not come. */
export async function alarmFaults(
  { name, endpoint }: DeployedVersion,
  { cloudWatch }: Pick<GuardClients, "cloudWatch">,
): Promise<string[]> {
  const AlarmNames = Object.values(guardAlarmNames(endpoint));
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames, StateValue: "ALARM" }));
  return MetricAlarms.map(
    ({ AlarmName = "" }) =>
      `the alarm ${AlarmName} is on, so modelGuard could not roll ${name} back: wait until it is off`,
  );
}

async function imageFault(uri: string, ecr: Pick<ECRClient, "send">): Promise<string | undefined> {
  const image = ecrImage(uri);
  if (!image) return undefined;
  const { registryId, repositoryName, digest: imageDigest } = image;
  try {
    await ecr.send(new DescribeImagesCommand({ registryId, repositoryName, imageIds: [{ imageDigest }] }));
    return undefined;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return /^(Image|Repository)NotFoundException$/.test(name)
      ? `the image ${uri} is gone from its repository, so no instance could start: build it again with pulumi up`
      : `whether the image ${uri} is still there could not be asked: ${message}`;
  }
}
