/** How a provider generates the physical name of a resource whose program sets none. */
export interface AutoNaming {
  /** Input that holds the physical name. */
  readonly property: string;
  /** Default: a hyphen. */
  readonly separator?: string;
  /** Whether seven random hexadecimal digits are appended. Default: yes. */
  readonly suffix?: boolean;
}

const byName: AutoNaming = { property: "name" };

/**
 * Types of this program that Pulumi names automatically: logical name, hyphen, seven hexadecimal digits.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
 */
export const AUTO_NAMED: Readonly<Record<string, AutoNaming>> = {
  "aws:appautoscaling/policy:Policy": byName,
  "aws:appautoscaling/scheduledAction:ScheduledAction": byName,
  "aws:cloudwatch/eventRule:EventRule": byName,
  "aws:cloudwatch/logGroup:LogGroup": byName,
  "aws:cloudwatch/metricAlarm:MetricAlarm": byName,
  "aws:codebuild/project:Project": byName,
  "aws:dynamodb/table:Table": byName,
  "aws:ec2/securityGroup:SecurityGroup": byName,
  "aws:ecr/repository:Repository": byName,
  "aws:iam/role:Role": byName,
  "aws:iam/rolePolicy:RolePolicy": byName,
  "aws:kms/alias:Alias": byName,
  "aws:lambda/function:Function": byName,
  "aws:lambda/permission:Permission": { property: "statementId" },
  "aws:s3/bucket:Bucket": { property: "bucket" },
  "aws:sagemaker/endpoint:Endpoint": byName,
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": byName,
  "aws:sagemaker/model:Model": byName,
  "aws:sns/topic:Topic": byName,
  "aws:sqs/queue:Queue": byName,
  "aws:ssm/parameter:Parameter": byName,
};
