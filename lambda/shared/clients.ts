import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Part of the function's time-out in which a service that does not answer is given up. */
const SHARE_OF_TIMEOUT = 0.5;

/** Shorter time-outs than this, in seconds, leave time for one retry, others for two. */
const TWO_RETRIES_FROM_SECONDS = 10;

/** Longest wait before each retry after a time-out, in milliseconds: the SDK's exponential backoff. */
const RETRY_WAITS_MS = [100, 200];

/** Longest and shortest time-out of a request, in milliseconds: AWS answers most requests in under 100 ms. */
const LONGEST_REQUEST_MS = 4_000;
const SHORTEST_REQUEST_MS = 250;

/** Longest time to open a connection, in milliseconds. */
const LONGEST_CONNECTION_MS = 1_000;

/** How often a request is tried, and how long each attempt may take, in milliseconds. */
export interface RequestLimits {
  readonly maxAttempts: number;
  readonly requestTimeout: number;
  readonly connectionTimeout: number;
}

/**
 * The limits of a request to AWS: a service that does not answer is given up before the function's time-out, so that
 * the caller gets SERVICE_BUSY instead of no answer.
 *
 * @param functionTimeoutSeconds the function's time-out, 1 to 900
 */
export function requestLimits(functionTimeoutSeconds: number): RequestLimits {
  const retries = functionTimeoutSeconds < TWO_RETRIES_FROM_SECONDS ? 1 : 2;
  const waits = RETRY_WAITS_MS.slice(0, retries).reduce((sum, wait) => sum + wait, 0);
  const available = (functionTimeoutSeconds * 1_000 * SHARE_OF_TIMEOUT - waits) / (retries + 1);
  const requestTimeout = Math.floor(Math.min(Math.max(available, SHORTEST_REQUEST_MS), LONGEST_REQUEST_MS));
  return {
    maxAttempts: retries + 1,
    requestTimeout,
    connectionTimeout: Math.min(requestTimeout, LONGEST_CONNECTION_MS),
  };
}

/** The AWS clients that read and write jobs. */
export interface StoreClients {
  readonly s3: S3Client;
  readonly documents: DynamoDBDocumentClient;
}

/** The AWS clients that submit jobs. */
export interface JobClients extends StoreClients {
  readonly sageMaker: SageMakerClient;
  readonly sageMakerRuntime: SageMakerRuntimeClient;
}

/** Wraps a client when it is created, such as to trace its requests. */
export type Instrument = <Client extends object>(client: Client) => Client;

/** Region and credentials of the clients. Default: from the environment. */
export interface ClientIdentity {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Creates the clients that read and write jobs. Call it at module scope: Lambda runs that once per execution environment,
 * at full CPU, and the next calls use the same connections.
 *
 * @param functionTimeoutSeconds the function's time-out, which limits each request, see {@link requestLimits}
 * @param instrument applied to each client (default: none)
 * @param identity region and credentials (default: from the environment)
 */
export function createStoreClients(
  functionTimeoutSeconds: number,
  instrument: Instrument = (client) => client,
  identity: ClientIdentity = {},
): StoreClients {
  const config = configOf(functionTimeoutSeconds, identity);
  return {
    s3: instrument(new S3Client(config)),
    documents: DynamoDBDocumentClient.from(instrument(new DynamoDBClient(config)), {
      marshallOptions: { removeUndefinedValues: true },
    }),
  };
}

/** Creates the clients that submit jobs; arguments as in {@link createStoreClients}. */
export function createClients(
  functionTimeoutSeconds: number,
  instrument: Instrument = (client) => client,
  identity: ClientIdentity = {},
): JobClients {
  const config = configOf(functionTimeoutSeconds, identity);
  return {
    ...createStoreClients(functionTimeoutSeconds, instrument, identity),
    sageMaker: instrument(new SageMakerClient(config)),
    sageMakerRuntime: instrument(new SageMakerRuntimeClient(config)),
  };
}

function configOf(functionTimeoutSeconds: number, identity: ClientIdentity) {
  const { maxAttempts, ...timeouts } = requestLimits(functionTimeoutSeconds);
  return { maxAttempts, requestHandler: { ...timeouts, throwOnRequestTimeout: true }, ...identity };
}
