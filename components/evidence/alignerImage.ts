import * as awsx from "@pulumi/awsx";
import type { Output } from "@pulumi/pulumi";
import { writeContext } from "./alignerContext.js";

/** How many images the repository keeps for a rollback. */
const KEPT_IMAGES = 10;

export interface AlignerImageArgs {
  /** Whether the repository and its images outlive the stack. */
  readonly retainData: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The image of the alignment function. */
export interface AlignerImage {
  /** `repository@sha256:...` */
  readonly uri: Output<string>;
  readonly architecture: "x86_64";
}

/**
 * Builds the image of the aligners with Docker on this machine, and pushes it to a repository of its own. Lambda takes the
 * manifests that it writes; those of the model's image, for SageMaker, need another build.
 *
 * @param name first part of the logical names, and of the repository
 */
export async function alignerImage(name: string, { retainData, tags }: AlignerImageArgs): Promise<AlignerImage> {
  const { location, tag } = await writeContext();
  const repository = new awsx.ecr.Repository(
    name,
    {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      lifecyclePolicy: {
        rules: [
          {
            description: `Keep the newest ${KEPT_IMAGES} images`,
            tagStatus: "any",
            maximumNumberOfImages: KEPT_IMAGES,
          },
        ],
      },
      forceDelete: !retainData,
      tags,
    },
    { retainOnDelete: retainData },
  );
  const image = new awsx.ecr.Image(
    name,
    { repositoryUrl: repository.url, context: location, imageTag: tag, platform: "linux/amd64" },
    // Earlier images stay for a rollback; the lifecycle policy of the repository removes them.
    { retainOnDelete: true },
  );
  return { uri: image.imageUri, architecture: "x86_64" };
}
