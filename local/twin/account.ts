/** Account and region of everything in the twin. */
export const ACCOUNT = { id: "123456789012", region: "us-east-1", partition: "aws" } as const;

/** ARN of a resource in the twin's account and region. */
export function arnOf(service: string, resource: string): string {
  return `arn:${ACCOUNT.partition}:${service}:${ACCOUNT.region}:${ACCOUNT.id}:${resource}`;
}

/** Environment variables with which an AWS SDK uses the twin instead of AWS; the twin accepts any access key. */
export function clientEnvironment(endpointUrl: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: ACCOUNT.region,
    AWS_DEFAULT_REGION: ACCOUNT.region,
    AWS_ACCESS_KEY_ID: "twin",
    AWS_SECRET_ACCESS_KEY: "twin",
  };
}

/** The same as options of an AWS SDK v3 client. */
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
