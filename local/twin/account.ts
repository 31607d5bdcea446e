/** The AWS account that the twin plays. */
export const ACCOUNT = { id: "123456789012", region: "us-east-1", partition: "aws" } as const;

/** The ARN of a resource of the twin's account and region. */
export function arnOf(service: string, resource: string): string {
  return `arn:${ACCOUNT.partition}:${service}:${ACCOUNT.region}:${ACCOUNT.id}:${resource}`;
}

/** What any AWS SDK needs to talk to the twin instead of AWS; the keys are as good as any others. */
export function clientEnvironment(endpointUrl: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: ACCOUNT.region,
    AWS_DEFAULT_REGION: ACCOUNT.region,
    AWS_ACCESS_KEY_ID: "twin",
    AWS_SECRET_ACCESS_KEY: "twin",
  };
}

/** The same for an SDK client of this process. */
export function clientOptions(endpointUrl: string): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  return {
    endpoint: endpointUrl,
    region: ACCOUNT.region,
    credentials: { accessKeyId: "twin", secretAccessKey: "twin" },
  };
}
