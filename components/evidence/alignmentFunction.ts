import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { EVIDENCE_ENVIRONMENT } from "../../contract/environment.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import type { AlignerImage } from "./alignerImage.js";
import type { EvidenceFunctionArgs } from "./evidenceFunction.js";
import { alignmentPolicy } from "./evidencePolicies.js";

/** Memory in MB: the most that Lambda has, and with it 6 CPUs. */
const MEMORY_MB = 10_240;

/** Timeout in seconds: the longest of Lambda. */
const TIMEOUT_SECONDS = 900;

export interface AlignmentArgs extends EvidenceFunctionArgs {
  readonly image: AlignerImage;
  /** Whether jobs align what is too large for the function. */
  readonly hasJobs: boolean;
}

/** The function that aligns protein sequences with the aligners of its container image. */
export class AlignmentFunction extends ComponentResource {
  readonly lambda: aws.lambda.Function;
  /** Policies that attach the function to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: AlignmentArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:AlignmentFunction", name, {}, opts);
    const { bucket, hasJobs, image, placement, tags } = args;
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(name), args);
    const role = functionRole(this, name, {
      ...args,
      functionName: name,
      policy: alignmentPolicy({ bucketArn: bucket.bucketArn, logGroupArn: logs.arn }),
    });
    this.lambda = new aws.lambda.Function(
      `${name}-function`,
      {
        name,
        description: "Aligns protein sequences and measures their conservation",
        packageType: "Image",
        imageUri: image.uri,
        architectures: [image.architecture],
        role: role.arn,
        memorySize: MEMORY_MB,
        timeout: TIMEOUT_SECONDS,
        environment: {
          variables: {
            [EVIDENCE_ENVIRONMENT.bucketName]: bucket.bucketName,
            ...(hasJobs && { [EVIDENCE_ENVIRONMENT.alignmentJobs]: "true" }),
          },
        },
        ...(placement && {
          vpcConfig: { subnetIds: [...placement.subnetIds], securityGroupIds: [...placement.securityGroupIds] },
        }),
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
        tags,
      },
      { parent: this },
    );
    this.networkPolicies = role.networkPolicies;
    this.registerOutputs({ functionArn: this.lambda.arn });
  }
}
