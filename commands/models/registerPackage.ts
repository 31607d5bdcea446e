import { CreateModelPackageCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import { UsageError } from "../command.js";
import type { DeployedVersion } from "./modelRegistry.js";

/** Most characters of a value in the metadata of a model package. */
const MOST_CHARACTERS = 256;

/**
 * Registers a version as a model package of the stack's group: `@pulumi/aws` has no resource for packages. Approved if it is
 * active, else pending.
 *
 * @param group name of the group, which the stack has with `modelGovernance`
 * @returns the ARN of the package
 * @throws UsageError if there is no such group
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
 */
export async function registerPackage(
  version: DeployedVersion,
  isActive: boolean,
  group: string,
  sageMaker: Pick<SageMakerClient, "send">,
): Promise<string> {
  const weights = version.model_id.startsWith("s3://") ? version.model_id : undefined;
  const create = new CreateModelPackageCommand({
    ModelPackageGroupName: group,
    ModelPackageDescription: `Model version ${version.name}: ${version.model_id}`.slice(0, 1_024),
    ModelApprovalStatus: isActive ? "Approved" : "PendingManualApproval",
    InferenceSpecification: {
      Containers: [
        {
          Image: version.image,
          ImageDigest: version.image_digest,
          ...(weights !== undefined && {
            ModelDataSource: {
              S3DataSource: { S3Uri: weights, S3DataType: "S3Prefix", CompressionType: "None" },
            },
          }),
        },
      ],
      SupportedContentTypes: ["application/json"],
      SupportedResponseMIMETypes: ["application/json"],
    },
    CustomerMetadataProperties: metadataOf(version),
  });
  try {
    const { ModelPackageArn: arn = "" } = await sageMaker.send(create);
    return arn;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) {
      throw new UsageError(`there is no group ${group}: run pulumi config set modelGovernance true and pulumi up.`);
    }
    throw error;
  }
}

function metadataOf(version: DeployedVersion): Record<string, string> {
  const { name, model_id, revision, model_version, endpoint, figures } = version;
  const facts: Record<string, string | number | null | undefined> = {
    version: name,
    model_id,
    revision,
    model_version,
    endpoint,
    resolved_revision: figures?.resolved_revision,
    weights_sha256: figures?.weights_sha256,
    precision: figures?.precision,
    mean_spearman: figures?.validation?.mean_spearman,
    gpu_seconds_per_1000_residues: figures?.bench?.gpu_seconds_per_1000_residues,
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) =>
      value == null ? [] : [[key, String(value).slice(0, MOST_CHARACTERS)] as const],
    ),
  );
}
