import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { fileURLToPath } from "node:url";
import { clientOptions } from "../account.js";
import type { CallTableStreams } from "../functions/streams/tableStream.js";
import { LOOPBACK } from "../processes/ports.js";
import type { Processes } from "../processes/processes.js";
import { untilReady } from "../processes/ready.js";
import { tableStreamsAt } from "./tableStreams.js";

/** The program that runs moto. */
export const MOTO_SERVER = fileURLToPath(new URL("server.py", import.meta.url));

/** Clients of services that moto emulates. */
export interface AwsClients {
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  /** The API of DynamoDB Streams. */
  readonly tableStreams: CallTableStreams;
}

/**
 * Starts moto, which emulates every service that the twin does not emulate itself, and waits until it answers.
 *
 * @param python the Python program of the environment that holds moto
 * @param port a free one
 * @param gatewayPort port to which moto sends the calls of the tasks of state machines
 * @default gatewayPort `port`
 * @throws TwinError `NOT_INSTALLED`, `PROCESS_FAILED`
 */
export async function startMoto(processes: Processes, python: string, port: number, gatewayPort = port): Promise<void> {
  const child = processes.spawn(python, [MOTO_SERVER, String(port), String(gatewayPort)], { env: process.env });
  await untilReady(child, `http://${LOOPBACK}:${port}/moto-api/`, "The AWS emulator (moto)");
}

/** Clients of the moto server on this port, for the twin itself; they do not pass through its gateway. */
export function motoClients(port: number): AwsClients {
  // On Node 20 the SDK warns at each start that its support will end.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  const options = clientOptions(`http://${LOOPBACK}:${port}`);
  const s3 = new S3Client(options);
  return {
    cloudwatch: new CloudWatchClient(options),
    dynamodb: new DynamoDBClient(options),
    // Its own handler speaks HTTP/2 only, which moto does not.
    kinesis: new KinesisClient({ ...options, requestHandler: s3.config.requestHandler }),
    logs: new CloudWatchLogsClient(options),
    s3,
    sfn: new SFNClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
    ssm: new SSMClient(options),
    tableStreams: tableStreamsAt(options.endpoint),
  };
}
