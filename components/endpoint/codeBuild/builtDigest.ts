import { AsyncResource } from "node:async_hooks";
import * as aws from "@pulumi/aws";
import * as random from "@pulumi/random";
import {
  interpolate,
  log,
  ResourceHook,
  type ComponentResource,
  type Output,
  type Resource,
  type ResourceHookArgs,
} from "@pulumi/pulumi";

/** Keepers of the resource that represents an image. */
interface Keepers {
  /** `repository:tag` */
  readonly image: string;
  /** Name of the project that pushes it. */
  readonly project: string;
}

/**
 * The digest of an image that CodeBuild builds. A resource represents the image: its keepers hold the tag, so that
 * another tag replaces it, and before it is created, the image is built. If the build fails, the resource does not exist,
 * and the next `pulumi up` builds again. A preview builds nothing, and an image that the registry has is not built again.
 *
 * @param parent the component that the image belongs to
 * @param name first part of the logical names
 * @param args.project the CodeBuild project that pushes the image
 * @param args.tag a hash of everything that goes into the image
 */
export function builtDigest(
  parent: ComponentResource,
  name: string,
  args: {
    readonly project: Resource & { readonly projectName: Output<string> };
    readonly repository: aws.ecr.Repository;
    readonly tag: string;
  },
): Output<string> {
  const { project, repository, tag } = args;
  const report = (text: string): void => void log.info(text, parent);
  // Pulumi calls a hook outside of the program's context, in which its configuration and its log are found.
  const build = AsyncResource.bind(({ newInputs }: ResourceHookArgs) =>
    buildImage(newInputs?.["keepers"] as Keepers, report),
  );
  const image = new random.RandomId(
    `${name}-pushed`,
    {
      byteLength: 4,
      keepers: {
        image: interpolate`${repository.repositoryUrl}:${tag}`,
        project: project.projectName,
      },
    },
    { parent, dependsOn: project, hooks: { beforeCreate: [new ResourceHook(`${name}-build`, build)] } },
  );
  const { name: repositoryName, registryId } = repository;
  return aws.ecr.getImageOutput({ registryId, repositoryName, imageTag: tag }, { parent, dependsOn: [image] })
    .imageDigest;
}

/** Builds the image of a resource if the registry lacks it. The SDK is loaded only here. */
async function buildImage({ image, project }: Keepers, report: (text: string) => void): Promise<void> {
  const { ensureImage } = await import("./ensureImage.js");
  await ensureImage(image, project, report);
}
