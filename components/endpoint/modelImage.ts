import * as aws from "@pulumi/aws";
import * as dockerBuild from "@pulumi/docker-build";
import {
  ComponentResource,
  interpolate,
  output,
  secret,
  type ComponentResourceOptions,
  type Output,
} from "@pulumi/pulumi";
import { ecrImage, registryHost, type EcrImage } from "../shared/imageReference.js";
import type { Place } from "../shared/place.js";
import { builtDigest } from "./codeBuild/builtDigest.js";
import { BuildProject, type BuildProjectArgs } from "./codeBuild/buildProject.js";
import { mirrorBuild, modelBuild, type ImageBuild } from "./imageBuild.js";
import { imageRepository } from "./imageRepository.js";

export interface ModelImageArgs extends BuildProjectArgs {
  /** Model on the Hugging Face hub that is built into the image. */
  readonly modelId: string;
  /** Branch, tag or commit of the model. */
  readonly modelRevision: string;
  /** Weights in S3; if not empty, no model is built into the image. */
  readonly modelDataUrl: string;
  /** Prebuilt image: used as it is if it is in ECR, mirrored if it is elsewhere; empty builds one. */
  readonly imageUri: string;
  /** User name at the registry of a mirrored image; empty for a public image. */
  readonly registryUsername: string;
  /** Password or token at the registry of a mirrored image, a secret. */
  readonly registryPassword: Output<string>;
  /** What builds or mirrors the image: Docker on this machine, or CodeBuild in the account. */
  readonly imageBuild: "local" | "codebuild";
  /** Whether the repository and its images outlive the stack. */
  readonly retainData: boolean;
}

/**
 * The container image of the model, always referred to by digest: built from this project, mirrored from another
 * registry into the repository of the stack, or prebuilt in ECR. Docker on this machine builds and mirrors, or CodeBuild
 * in the account.
 */
export class ModelImage extends ComponentResource {
  /** `repository@sha256:...` */
  readonly uri: Output<string>;
  /** `sha256:...`: the version of model and code together. */
  readonly digest: Output<string>;
  readonly repositoryArn: Output<string>;

  constructor(name: string, args: ModelImageArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:ModelImage", name, {}, opts);
    const prebuilt = ecrImage(args.imageUri);
    const { repositoryUrl, repositoryArn, digest } = prebuilt
      ? this.resolved(prebuilt, args.place)
      : this.pushed(name, args);
    this.digest = digest;
    this.uri = interpolate`${repositoryUrl}@${digest}`;
    this.repositoryArn = repositoryArn;
    this.registerOutputs({ uri: this.uri, digest: this.digest, repositoryArn: this.repositoryArn });
  }

  private resolved({ repositoryUrl, ...image }: EcrImage, place: Place): ImageInRepository {
    return {
      repositoryUrl: output(repositoryUrl),
      repositoryArn: interpolate`arn:${place.partition}:ecr:${image.region}:${image.registryId}:repository/${image.repositoryName}`,
      digest: image.digest === undefined ? this.digestOf(image) : output(image.digest),
    };
  }

  /** Asks ECR itself: a Docker provider would need an engine, and its short-lived token would change at every run. */
  private digestOf({ registryId, region, repositoryName, tag }: Omit<EcrImage, "repositoryUrl">): Output<string> {
    const image = { registryId, region, repositoryName, ...(tag === undefined ? {} : { imageTag: tag }) };
    return aws.ecr.getImageOutput(image, { parent: this }).imageDigest;
  }

  private pushed(name: string, args: ModelImageArgs): ImageInRepository {
    const repository = imageRepository(this, name, args);
    const build = args.imageUri === "" ? modelBuild(args) : mirrorBuild(args.imageUri);
    const digest =
      args.imageBuild === "local"
        ? this.builtHere(name, args, build, repository).digest
        : this.builtInAccount(name, args, build, repository);
    return { repositoryUrl: repository.repositoryUrl, repositoryArn: repository.arn, digest };
  }

  private builtInAccount(
    name: string,
    args: ModelImageArgs,
    build: ImageBuild,
    repository: aws.ecr.Repository,
  ): Output<string> {
    const project = new BuildProject(`${name}-build`, args, { build, repository }, { parent: this });
    return builtDigest(this, name, { project, repository, tag: build.tag });
  }

  private builtHere(
    name: string,
    args: ModelImageArgs,
    { tag, docker }: ImageBuild,
    repository: aws.ecr.Repository,
  ): dockerBuild.Image {
    const token = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent: this });
    return new dockerBuild.Image(
      `${name}-build`,
      {
        ...docker,
        platforms: ["linux/amd64"],
        buildOnPreview: false,
        // SageMaker pulls Docker's manifests and rejects OCI's; only a registry export can set that, `push` cannot.
        push: false,
        exports: [{ registry: { ociMediaTypes: false, push: true } }],
        tags: [interpolate`${repository.repositoryUrl}:${tag}`],
        registries: [
          { address: repository.repositoryUrl, username: token.userName, password: secret(token.password) },
          ...sourceRegistry(args),
        ],
      },
      // Earlier images stay for a rollback; the repository's lifecycle policy removes them.
      { parent: this, retainOnDelete: true },
    );
  }
}

/** The registry that a private image is mirrored from. */
function sourceRegistry(args: ModelImageArgs): { address: string; username: string; password: Output<string> }[] {
  if (args.registryUsername === "") return [];
  const { imageUri, registryUsername: username, registryPassword: password } = args;
  return [{ address: registryHost(imageUri), username, password: secret(password) }];
}

interface ImageInRepository {
  readonly repositoryUrl: Output<string>;
  readonly repositoryArn: Output<string>;
  readonly digest: Output<string>;
}
