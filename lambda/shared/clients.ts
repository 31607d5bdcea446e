import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/**
 * How long one try may take and how often it is tried, in milliseconds: a service that does not answer is given up
 * within half of the function's 30 s, so the caller hears SERVICE_BUSY rather than nothing.
 */
const BOUNDS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
};

/** The AWS clients that the tools call. */
export interface ToolsClients {
  readonly s3: S3Client;
  readonly documents: DynamoDBDocumentClient;
  readonly sageMaker: SageMakerClient;
  readonly sageMakerRuntime: SageMakerRuntimeClient;
}

/** What is done to each client as it is made, such as tracing its calls. */
export type Instrument = <Client extends object>(client: Client) => Client;

/** Where the clients call, and as whom; default: what the environment says. */
export interface ClientIdentity {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Makes the clients. They belong at module scope: Lambda runs that once for each environment, at full CPU, and
 * connections outlive the call.
 *
 * @param instrument applied to each client (default: none)
 * @param identity region and credentials
 */
export function createClients(
  instrument: Instrument = (client) => client,
  identity: ClientIdentity = {},
): ToolsClients {
  const config = { ...BOUNDS, ...identity };
  return {
    s3: instrument(new S3Client(config)),
    documents: DynamoDBDocumentClient.from(instrument(new DynamoDBClient(config)), {
      marshallOptions: { removeUndefinedValues: true },
    }),
    sageMaker: instrument(new SageMakerClient(config)),
    sageMakerRuntime: instrument(new SageMakerRuntimeClient(config)),
  };
}
