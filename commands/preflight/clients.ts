import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import type { NameClients } from "./checks/owners.js";

/** A client for every service that a check calls. */
export interface Clients extends NameClients {
  readonly apiGateway: APIGatewayClient;
  readonly ec2: EC2Client;
  readonly ecr: ECRClient;
  readonly iam: IAMClient;
  readonly quotas: ServiceQuotasClient;
  readonly sts: STSClient;
}

/** Region, address and credentials of the clients. */
export interface ClientSettings {
  readonly region: string;
  /** Address of AWS. Default: AWS_ENDPOINT_URL, else the public one. */
  readonly endpoint?: string;
  /** Default: the SDK's credential chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Makes the clients. */
export function clientsOf(where: ClientSettings): Clients {
  const settings = { ...where, maxAttempts: 4 };
  return {
    apiGateway: new APIGatewayClient(settings),
    cloudwatch: new CloudWatchClient(settings),
    codeBuild: new CodeBuildClient(settings),
    ec2: new EC2Client(settings),
    ecr: new ECRClient(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    quotas: new ServiceQuotasClient(settings),
    s3: new S3Client(settings),
    sagemaker: new SageMakerClient(settings),
    ssm: new SSMClient(settings),
    sts: new STSClient(settings),
  };
}

/**
 * The region where the stack names none: that of the environment, else that of the AWS profile.
 *
 * @returns undefined where there is none
 */
export async function regionOfEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  const named = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
  if (named !== undefined && named !== "") return named;
  try {
    return await new STSClient({}).config.region();
  } catch {
    // The SDK throws where no profile names a region.
    return undefined;
  }
}
