import * as aws from "@pulumi/aws";
import type { ComponentResource, Input } from "@pulumi/pulumi";

/**
 * A log group with a retention period. It is created before its writer and deleted after it. No role may create log
 * groups, so a late log line cannot create a deleted group again.
 *
 * @param parent the component that it belongs to
 * @param name logical name
 * @param groupName name in CloudWatch
 * @param args.logRetentionDays days that logs are kept
 * @param args.keyArn customer key of the logs. Default: the key of CloudWatch
 */
export function encryptedLogGroup(
  parent: ComponentResource,
  name: string,
  groupName: string,
  args: {
    readonly logRetentionDays: number;
    readonly keyArn?: Input<string>;
    readonly tags: Readonly<Record<string, string>>;
  },
): aws.cloudwatch.LogGroup {
  const { keyArn, logRetentionDays, tags } = args;
  return new aws.cloudwatch.LogGroup(
    name,
    {
      name: groupName,
      retentionInDays: logRetentionDays,
      ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
      tags,
    },
    { parent },
  );
}

/** Name of the log group of a SageMaker endpoint. */
export function endpointLogGroup(endpointName: string): string {
  return `/aws/sagemaker/Endpoints/${endpointName}`;
}

/** Name of the log group of the flow logs of a stack's VPC. */
export function flowLogGroup(prefix: string): string {
  return `/aws/vpc/${prefix}-flow-logs`;
}

/** Name of the log group of a Lambda function. */
export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** Name of the log group of a CodeBuild project. */
export function buildLogGroup(projectName: string): string {
  return `/aws/codebuild/${projectName}`;
}

/** Name of the log group of jobs of AWS Batch. */
export function jobLogGroup(definitionName: string): string {
  return `/aws/batch/${definitionName}`;
}
