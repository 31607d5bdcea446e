import * as aws from "@pulumi/aws";
import type { ComponentResource } from "@pulumi/pulumi";

/** How many images a repository keeps for a rollback. */
const KEPT_IMAGES = 10;

/**
 * The ECR repository of a stack: images are scanned when they are pushed, tags cannot be overwritten, and the newest
 * ten images are kept.
 *
 * @param parent the component that it belongs to
 * @param name first part of the logical names
 * @param args.retainData whether the repository and its images outlive the stack
 */
export function imageRepository(
  parent: ComponentResource,
  name: string,
  { tags, retainData }: { readonly tags: Readonly<Record<string, string>>; readonly retainData: boolean },
): aws.ecr.Repository {
  const options = { parent, retainOnDelete: retainData };
  const repository = new aws.ecr.Repository(
    `${name}-repository`,
    {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: !retainData,
      tags,
    },
    options,
  );
  new aws.ecr.LifecyclePolicy(
    `${name}-lifecycle`,
    { repository: repository.name, policy: keepNewestImages(KEPT_IMAGES) },
    options,
  );
  return repository;
}

/** A lifecycle policy that keeps the newest images of a repository, with a tag or without. */
export function keepNewestImages(count: number): aws.ecr.LifecyclePolicyDocument {
  return {
    rules: [
      {
        rulePriority: 1,
        description: `Keep the newest ${count} images`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: count },
        action: { type: "expire" },
      },
    ],
  };
}
