import * as aws from "@pulumi/aws";
import type { ComponentResource, Input } from "@pulumi/pulumi";

/**
 * A log group with retention. It is made before its writer and goes after it: no role may create groups, so a late
 * line cannot bring a deleted one back.
 *
 * @param parent the component that it belongs to
 * @param name its logical name
 * @param groupName its name in CloudWatch
 * @param args.keyArn customer key of the logs; without it CloudWatch's own
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

/** Name of the log group that SageMaker writes an endpoint's log to. */
export function endpointLogGroup(endpointName: string): string {
  return `/aws/sagemaker/Endpoints/${endpointName}`;
}

/** Name of the log group of a Lambda function. */
export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}
