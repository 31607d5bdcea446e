/** What the services of a stack depend on. */
export interface ServiceUse {
  readonly resultsCatalog: boolean;
  readonly stream: boolean;
  readonly scan: boolean;
  readonly evidence: boolean;
  readonly api: boolean;
  readonly agentGateway: boolean;
  readonly network: "none" | "isolated";
  readonly encryption: "sse-s3" | "kms";
  readonly imageBuild: "local" | "codebuild";
}

/**
 * The services that a stack uses, as Cost Explorer and AWS Budgets name them. A budget by tag would need tags that somebody
 * has activated for the billing of the account.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
 */
export function budgetServices(use: ServiceUse): string[] {
  return [
    "Amazon SageMaker",
    "AWS Lambda",
    "Amazon DynamoDB",
    "Amazon Simple Storage Service",
    "Amazon Simple Queue Service",
    "Amazon Simple Notification Service",
    "Amazon EC2 Container Registry (ECR)",
    "AmazonCloudWatch",
    "AWS X-Ray",
    ...(use.resultsCatalog ? ["AWS Glue", "Amazon Athena"] : []),
    ...(use.stream ? ["Amazon Kinesis"] : []),
    ...(use.scan || use.evidence ? ["AWS Step Functions"] : []),
    ...(use.api ? ["Amazon API Gateway"] : []),
    ...(use.api || use.agentGateway ? ["Amazon Cognito"] : []),
    ...(use.agentGateway ? ["Amazon Bedrock AgentCore"] : []),
    ...(use.network === "isolated" ? ["Amazon Virtual Private Cloud"] : []),
    ...(use.encryption === "kms" ? ["AWS Key Management Service"] : []),
    ...(use.imageBuild === "codebuild" ? ["CodeBuild"] : []),
  ];
}
