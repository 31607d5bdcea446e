import { fileURLToPath } from "node:url";
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
import { ecrImage, type EcrImage } from "../shared/imageReference.js";
import { contextHash } from "./imageContext.js";
import type { Place } from "../shared/place.js";

/** How many images a repository keeps: what a rollback may go back to. */
const KEPT_IMAGES = 10;

/** Relative, because the location is part of the image's state: another machine must see no change. */
const CONTEXT = "./image";

export interface ModelImageArgs {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** Model on the Hugging Face hub that is baked into the image. */
  readonly modelId: string;
  /** Branch, tag or commit of the model. */
  readonly modelRevision: string;
  /** Prebuilt image in ECR; empty builds and pushes one. */
  readonly imageUri: string;
  /** Whether the repository and its images outlive the stack. */
  readonly retainData: boolean;
}

/** The model's container image: built and pushed to a repository of its own, or a prebuilt one, always by digest. */
export class ModelImage extends ComponentResource {
  /** `repository@sha256:...` */
  readonly uri: Output<string>;
  /** `sha256:...`: the version of model and code in one. */
  readonly digest: Output<string>;
  readonly repositoryArn: Output<string>;

  constructor(name: string, args: ModelImageArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:ModelImage", name, {}, opts);
    const prebuilt = ecrImage(args.imageUri);
    const { repositoryUrl, repositoryArn, digest } = prebuilt
      ? this.resolved(prebuilt, args.place)
      : this.built(name, args);
    this.digest = digest;
    this.uri = interpolate`${repositoryUrl}@${digest}`;
    this.repositoryArn = repositoryArn;
    this.registerOutputs({ uri: this.uri, digest: this.digest, repositoryArn: this.repositoryArn });
  }

  private resolved({ repositoryUrl, ...image }: EcrImage, place: Place): Resolved {
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

  private built(name: string, args: ModelImageArgs): Resolved {
    const repository = this.repository(name, args);
    const image = this.image(name, args, repository);
    return { repositoryUrl: repository.repositoryUrl, repositoryArn: repository.arn, digest: image.digest };
  }

  private repository(name: string, { tags, retainData }: ModelImageArgs): aws.ecr.Repository {
    const options = { parent: this, retainOnDelete: retainData };
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

  private image(name: string, args: ModelImageArgs, repository: aws.ecr.Repository): dockerBuild.Image {
    const buildArgs = { MODEL_ID: args.modelId, MODEL_REVISION: args.modelRevision };
    // An immutable repository refuses a tag that it has, so another content needs another tag.
    const tag = contextHash(fileURLToPath(new URL("../../image", import.meta.url)), buildArgs).slice(0, 32);
    const token = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent: this });
    return new dockerBuild.Image(
      `${name}-build`,
      {
        context: { location: CONTEXT },
        dockerfile: { location: `${CONTEXT}/Dockerfile` },
        platforms: ["linux/amd64"],
        buildArgs,
        buildOnPreview: false,
        // SageMaker pulls Docker's manifests and rejects OCI's; only a registry export can say so, `push` cannot.
        push: false,
        exports: [{ registry: { ociMediaTypes: false, push: true } }],
        tags: [interpolate`${repository.repositoryUrl}:${tag}`],
        registries: [{ address: repository.repositoryUrl, username: token.userName, password: secret(token.password) }],
      },
      // Earlier images stay for a rollback; the repository's lifecycle policy removes them.
      { parent: this, retainOnDelete: true },
    );
  }
}

interface Resolved {
  readonly repositoryUrl: Output<string>;
  readonly repositoryArn: Output<string>;
  readonly digest: Output<string>;
}

/** A repository's lifecycle policy that keeps its newest images, tagged or not. */
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
