import { APIGatewayClient, GetAccountCommand } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { BatchGetProjectsCommand, CodeBuildClient } from "@aws-sdk/client-codebuild";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointServicesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { IAMClient } from "@aws-sdk/client-iam";
import { GetAccountSettingsCommand, GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import {
  ListAWSDefaultServiceQuotasCommand,
  ListServiceQuotasCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import type { Clients } from "../../../../commands/preflight/clients.js";
import { awsError } from "./answers.js";

/**
 * An empty account that may deploy the service: every name is free, every quota is large enough. `calls` counts the
 * calls of all its services.
 */
export function newAccount() {
  const clients: Clients = {
    apiGateway: new APIGatewayClient({}),
    cloudwatch: new CloudWatchClient({}),
    codeBuild: new CodeBuildClient({}),
    ec2: new EC2Client({}),
    ecr: new ECRClient({}),
    iam: new IAMClient({}),
    lambda: new LambdaClient({}),
    logs: new CloudWatchLogsClient({}),
    quotas: new ServiceQuotasClient({}),
    s3: new S3Client({}),
    sagemaker: new SageMakerClient({}),
    ssm: new SSMClient({}),
    sts: new STSClient({}),
  };
  const sts = mockClient(clients.sts);
  const lambda = mockClient(clients.lambda);
  const iam = mockClient(clients.iam);
  const apiGateway = mockClient(clients.apiGateway);
  apiGateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: "arn:aws:iam::123456789012:role/apigateway-logs" });
  const others = [
    mockClient(clients.s3).on(HeadBucketCommand).rejects(awsError("NotFound")),
    mockClient(clients.cloudwatch).on(GetDashboardCommand).rejects(awsError("ResourceNotFound")),
    mockClient(clients.codeBuild).on(BatchGetProjectsCommand).resolves({ projects: [] }),
    mockClient(clients.logs).on(DescribeLogGroupsCommand).resolves({ logGroups: [] }),
    mockClient(clients.sagemaker).on(DescribeEndpointCommand).rejects(awsError("ValidationException")),
    mockClient(clients.ssm).on(GetParameterCommand).rejects(awsError("ParameterNotFound")),
    mockClient(clients.ecr).on(DescribeImagesCommand).resolves({}),
    mockClient(clients.ec2)
      .on(DescribeInstanceTypeOfferingsCommand)
      .resolves({ InstanceTypeOfferings: [{ Location: "us-east-1a" }] })
      .on(DescribeAvailabilityZonesCommand)
      .resolves({ AvailabilityZones: [{ ZoneName: "us-east-1a" }, { ZoneName: "us-east-1b" }] })
      .on(DescribeSubnetsCommand)
      .resolves({ Subnets: [{ AvailabilityZone: "us-east-1a" }, { AvailabilityZone: "us-east-1b" }] })
      .on(DescribeVpcEndpointServicesCommand)
      .resolves({
        ServiceDetails: [
          { ServiceName: "com.amazonaws.us-east-1.sagemaker.api", AvailabilityZones: ["us-east-1a", "us-east-1b"] },
          { ServiceName: "com.amazonaws.us-east-1.sagemaker.runtime", AvailabilityZones: ["us-east-1a", "us-east-1c"] },
        ],
      }),
    mockClient(clients.quotas)
      .on(ListAWSDefaultServiceQuotasCommand)
      .resolves({ Quotas: [] })
      .on(ListServiceQuotasCommand)
      .resolves({ Quotas: [{ QuotaName: "ml.g6.2xlarge for endpoint usage", Value: 4 }] })
      .on(ListServiceQuotasCommand, { ServiceCode: "codebuild" })
      .resolves({ Quotas: [{ QuotaName: "Concurrently running builds for Linux/Medium environment", Value: 1 }] }),
  ];
  sts.on(GetCallerIdentityCommand).resolves({ Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/a" });
  lambda.on(GetFunctionCommand).rejects(awsError("ResourceNotFoundException"));
  lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 1000 } });
  return {
    clients,
    sts,
    lambda,
    iam,
    apiGateway,
    calls: () => [sts, lambda, iam, apiGateway, ...others].reduce((sum, client) => sum + client.calls().length, 0),
  };
}
