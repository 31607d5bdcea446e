import * as aws from "@pulumi/aws";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { buildLogGroup, encryptedLogGroup } from "../../shared/logGroup.js";
import type { Place } from "../../shared/place.js";
import { allow, logWriting, policyDocument } from "../../shared/policies.js";
import { serviceRole, type RoleRules } from "../../shared/serviceRole.js";
import type { ImageBuild } from "../imageBuild.js";
import { buildspec, CONTEXT_VARIABLE, IMAGE_VARIABLE } from "./buildspec.js";
import { BUILD_MINUTES, QUEUE_MINUTES } from "./limits.js";

/**
 * 8 GiB of memory, 4 vCPUs and 128 GB of disk: the build loads the model to verify it, and holds the image twice.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html
 */
const COMPUTE_TYPE = "BUILD_GENERAL1_MEDIUM";

/** Amazon Linux 2023 with Docker, buildx, unzip and the AWS CLI. */
const BUILD_IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0";

/** Prefix of the contexts in the bucket. */
const CONTEXT_PREFIX = "image-context/";

export interface BuildProjectArgs extends RoleRules {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** Name of the project, fixed in advance so that its log group can be created before it. */
  readonly buildName: string;
  /** Bucket that gets the build context. */
  readonly bucket: { readonly bucketName: Input<string>; readonly bucketArn: Input<string> };
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of logs.
   *
   * @default the key of CloudWatch
   */
  readonly keyArn?: Input<string>;
}

/** The repository that the image is pushed to. */
interface Repository {
  readonly repositoryUrl: Input<string>;
  readonly arn: Input<string>;
}

/**
 * A CodeBuild project that builds one image and pushes it: the context in S3, the log group, the role and the project.
 * It starts nothing, see `builtDigest`.
 */
export class BuildProject extends ComponentResource {
  /** Available when everything that a build needs is in place. */
  readonly projectName: Output<string>;

  constructor(
    name: string,
    args: BuildProjectArgs,
    { build, repository }: { readonly build: ImageBuild; readonly repository: Repository },
    opts?: ComponentResourceOptions,
  ) {
    super("amplify-vep:index:BuildProject", name, {}, opts);
    const context = this.context(name, args, build);
    const logs = encryptedLogGroup(this, `${name}-logs`, buildLogGroup(args.buildName), args);
    const role = this.role(name, args, logs, repository);
    const project = this.project(name, args, {
      role,
      logs,
      buildArgs: build.buildArgs,
      context: interpolate`${context.bucket}/${context.key}`,
      image: interpolate`${repository.repositoryUrl}:${build.tag}`,
    });
    this.projectName = project.name;
    this.registerOutputs({ projectName: this.projectName });
  }

  /** With the key of S3: the context is published code, and the role of the build needs no other key. */
  private context(name: string, { bucket, tags }: BuildProjectArgs, build: ImageBuild): aws.s3.BucketObjectv2 {
    return new aws.s3.BucketObjectv2(
      `${name}-context`,
      {
        bucket: bucket.bucketName,
        key: `${CONTEXT_PREFIX}${build.tag}.zip`,
        source: build.archive(),
        contentType: "application/zip",
        serverSideEncryption: "AES256",
        tags,
      },
      { parent: this },
    );
  }

  private role(
    name: string,
    args: BuildProjectArgs,
    logs: aws.cloudwatch.LogGroup,
    repository: Repository,
  ): Output<string> {
    const { account, partition, region } = args.place;
    return serviceRole(this, name, {
      ...args,
      service: "codebuild.amazonaws.com",
      sourceArn: interpolate`arn:${partition}:codebuild:${region}:${account}:project/${args.buildName}`,
      policy: buildPolicy({ bucketArn: args.bucket.bucketArn, repositoryArn: repository.arn, logGroupArn: logs.arn }),
    }).arn;
  }

  private project(
    name: string,
    { buildName, tags }: BuildProjectArgs,
    { role, logs, buildArgs, context, image }: Inputs,
  ): aws.codebuild.Project {
    const variables = { ...buildArgs, [CONTEXT_VARIABLE]: context, [IMAGE_VARIABLE]: image };
    return new aws.codebuild.Project(
      name,
      {
        name: buildName,
        description: "Builds the container image of the model",
        serviceRole: role,
        buildTimeout: BUILD_MINUTES,
        queuedTimeout: QUEUE_MINUTES,
        concurrentBuildLimit: 1,
        source: { type: "NO_SOURCE", buildspec: buildspec(Object.keys(buildArgs)) },
        artifacts: { type: "NO_ARTIFACTS" },
        environment: {
          type: "LINUX_CONTAINER",
          computeType: COMPUTE_TYPE,
          image: BUILD_IMAGE,
          // Docker runs in the container of the build, for which CodeBuild requires the privileged mode.
          privilegedMode: true,
          environmentVariables: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
        },
        logsConfig: { cloudwatchLogs: { groupName: logs.name, status: "ENABLED" } },
        tags,
      },
      { parent: this },
    );
  }
}

interface Inputs {
  readonly role: Input<string>;
  readonly logs: aws.cloudwatch.LogGroup;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly context: Input<string>;
  readonly image: Input<string>;
}

/**
 * What a build may do: read contexts, push to one repository, and write its log.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function buildPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly repositoryArn: Input<string>;
  readonly logGroupArn: Input<string>;
}): aws.iam.PolicyDocument {
  return policyDocument(
    allow({
      sid: "ReadContext",
      actions: ["s3:GetObject"],
      resources: [interpolate`${args.bucketArn}/${CONTEXT_PREFIX}*`],
    }),
    allow({
      sid: "PushImage",
      actions: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      resources: [args.repositoryArn],
    }),
    // ECR issues one token for the whole registry.
    allow({ sid: "LogInToRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }),
    logWriting(args.logGroupArn),
  );
}
