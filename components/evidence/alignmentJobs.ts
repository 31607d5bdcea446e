import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  interpolate,
  jsonStringify,
  output,
  type ComponentResourceOptions,
  type Output,
} from "@pulumi/pulumi";
import { EVIDENCE_ENVIRONMENT } from "../../contract/environment.js";
import { ALIGNMENT_JOB_SECONDS } from "../../contract/limits.js";
import { encryptedLogGroup, jobLogGroup } from "../shared/logGroup.js";
import { serviceRole } from "../shared/serviceRole.js";
import type { AlignerImage } from "./alignerImage.js";
import type { EvidenceFunctionArgs } from "./evidenceFunction.js";
import { alignmentFilesPolicy, imagePullPolicy } from "./evidencePolicies.js";

/** CPUs and memory (MB) of a job: a combination that Fargate offers. */
const VCPUS = "8";
const MEMORY_MB = "61440";

/** Most CPUs of all jobs together: two of them. */
const MAX_VCPUS = 16;

export interface AlignmentJobsArgs extends EvidenceFunctionArgs {
  readonly image: AlignerImage;
  /** Subnets in which jobs run; with a way to ECR, S3 and CloudWatch Logs. */
  readonly alignmentSubnetIds: readonly string[];
}

/** What AWS Batch needs for families that are too large for the function: nothing runs, and nothing costs, without a job. */
export class AlignmentJobs extends ComponentResource {
  readonly queueArn: Output<string>;
  /** Of the definition without a revision: a job takes the newest one. */
  readonly definitionArn: Output<string>;
  /** Of the newest revision of the definition. */
  readonly revisionArn: Output<string>;

  constructor(name: string, args: AlignmentJobsArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:AlignmentJobs", name, {}, opts);
    const queue = this.queue(name, args);
    const definition = this.definition(name, args);
    this.queueArn = queue.arn;
    this.definitionArn = definition.arn.apply((arn) => arn.replace(/:\d+$/, ""));
    this.revisionArn = definition.arn;
    this.registerOutputs({ queueArn: this.queueArn, definitionArn: this.revisionArn });
  }

  private queue(name: string, { alignmentSubnetIds, tags }: AlignmentJobsArgs): aws.batch.JobQueue {
    const [first = ""] = alignmentSubnetIds;
    const { vpcId } = aws.ec2.getSubnetOutput({ id: first }, { parent: this });
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId, description: "Alignments of large families", tags },
      { parent: this },
    );
    // Images, files and logs; the addresses of the services are not known in advance.
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-out`,
      { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443, tags },
      { parent: this },
    );
    const environment = new aws.batch.ComputeEnvironment(
      `${name}-environment`,
      {
        name,
        type: "MANAGED",
        computeResources: {
          type: "FARGATE",
          maxVcpus: MAX_VCPUS,
          subnets: [...alignmentSubnetIds],
          securityGroupIds: [group.id],
        },
        tags,
      },
      { parent: this },
    );
    const order = { order: 1, computeEnvironment: environment.arn };
    return new aws.batch.JobQueue(
      `${name}-queue`,
      { name, priority: 1, state: "ENABLED", computeEnvironmentOrders: [order], tags },
      { parent: this },
    );
  }

  private definition(name: string, args: AlignmentJobsArgs): aws.batch.JobDefinition {
    const { bucket, image, place, tags } = args;
    const { account, partition, region } = place;
    const logs = encryptedLogGroup(this, `${name}-logs`, jobLogGroup(name), args);
    const tasks = {
      ...args,
      service: "ecs-tasks.amazonaws.com",
      sourceArn: interpolate`arn:${partition}:ecs:${region}:${account}:*`,
    };
    const work = serviceRole(this, name, { ...tasks, policy: alignmentFilesPolicy(bucket.bucketArn) });
    const start = serviceRole(this, `${name}-start`, {
      ...tasks,
      policy: imagePullPolicy({ repositoryArn: repositoryArn(image, args), logGroupArn: logs.arn }),
    });
    return new aws.batch.JobDefinition(
      `${name}-definition`,
      {
        name,
        type: "container",
        platformCapabilities: ["FARGATE"],
        containerProperties: jsonStringify({
          image: image.uri,
          // The task is the parameter of a job: JSON of an AlignmentTask.
          command: ["batch.mjs", "Ref::task", String(ALIGNMENT_JOB_SECONDS)],
          environment: [
            { name: EVIDENCE_ENVIRONMENT.bucketName, value: bucket.bucketName },
            { name: "AWS_REGION", value: region },
          ],
          resourceRequirements: [
            { type: "VCPU", value: VCPUS },
            { type: "MEMORY", value: MEMORY_MB },
          ],
          jobRoleArn: work.arn,
          executionRoleArn: start.arn,
          networkConfiguration: { assignPublicIp: "DISABLED" },
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": logs.name, "awslogs-region": region, "awslogs-stream-prefix": "alignment" },
          },
        }),
        // What fails here fails again.
        retryStrategy: { attempts: 1 },
        timeout: { attemptDurationSeconds: ALIGNMENT_JOB_SECONDS },
        propagateTags: true,
        tags,
      },
      { parent: this },
    );
  }
}

/** ARN of the repository of an image: `account.dkr.ecr.region.amazonaws.com/name@sha256:...`. */
function repositoryArn({ uri }: AlignerImage, { place }: EvidenceFunctionArgs): Output<string> {
  const name = output(uri).apply((text) => text.replace(/^[^/]*\//, "").replace(/@.*$/, ""));
  return interpolate`arn:${place.partition}:ecr:${place.region}:${place.account}:repository/${name}`;
}
