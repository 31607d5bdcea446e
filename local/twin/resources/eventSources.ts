import { GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import type { EventSource, SourceServices, SourceSettings } from "../functions/eventSource.js";
import { QueueSource } from "../functions/queueSource.js";
import { failureDestination } from "../functions/streams/failureDestination.js";
import { filterOf } from "../functions/streams/filterCriteria.js";
import { KinesisStream } from "../functions/streams/kinesisStream.js";
import { STARTING_POSITIONS, type StartingPosition, type Stream } from "../functions/streams/stream.js";
import { StreamSource } from "../functions/streams/streamSource.js";
import { TableStream } from "../functions/streams/tableStream.js";
import type { AwsClients } from "../moto/moto.js";
import { list, nested, number, required, text } from "./properties.js";
import type { CreateTable, Properties, TwinServices } from "./types.js";

type Connect = (services: SourceServices) => EventSource;

/** AWS's defaults, see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html. */
const QUEUE_BATCH = 10;
const STREAM_BATCH = 100;

/** Settings of a stream that change how it is read, and that the twin does not emulate. */
const NOT_EMULATED = ["startingPositionTimestamp", "tumblingWindowInSeconds"] as const;

/** The connections of queues and streams with functions. */
export const eventSourceResources: CreateTable = {
  "aws:lambda/eventSourceMapping:EventSourceMapping": async ({ id, state }, services) => {
    const [, , service] = required(state, "eventSourceArn").split(":");
    const { aws, lambda } = services;
    lambda.connect(service === "sqs" ? await queueSource(id, state, aws) : streamSource(id, state, services));
    return {};
  },
};

async function queueSource(id: string, state: Properties, { sqs }: AwsClients): Promise<Connect> {
  const settings = settingsOf(id, state, QUEUE_BATCH);
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: settings.sourceArn.split(":").at(-1) }));
  return (services) => new QueueSource({ ...settings, queueUrl: QueueUrl }, { sqs, ...services });
}

/** @throws RangeError for a setting that the twin does not emulate */
function streamSource(id: string, state: Properties, { aws, lambda }: TwinServices): Connect {
  const unknown = NOT_EMULATED.find((key) => state[key] !== undefined);
  if (unknown !== undefined || number(state, "parallelizationFactor", 1) > 1) {
    throw new RangeError(`The twin reads no stream with ${unknown ?? "a parallelizationFactor above 1"}.`);
  }
  const settings = settingsOf(id, state, STREAM_BATCH);
  const maxAgeSeconds = number(state, "maximumRecordAgeInSeconds", -1);
  const destination = text(nested(nested(state, "destinationConfig"), "onFailure"), "destinationArn");
  const patterns = list(nested(state, "filterCriteria"), "filters").map((filter) => required(filter, "pattern"));
  const parts = {
    stream: streamOf(settings.sourceArn, lambda.roleOf(settings.functionName), aws),
    filter: filterOf(patterns),
    destination: destination === undefined ? undefined : failureDestination(destination, aws),
  };
  const rules = {
    startingPosition: startingPosition(required(state, "startingPosition")),
    windowMs: number(state, "maximumBatchingWindowInSeconds", 0) * 1_000,
    bisects: state["bisectBatchOnFunctionError"] === true,
    maxRetries: number(state, "maximumRetryAttempts", -1),
    maxAgeMs: maxAgeSeconds < 0 ? -1 : maxAgeSeconds * 1_000,
  };
  return (services) => new StreamSource({ ...settings, ...rules }, parts, services);
}

function streamOf(arn: string, role: string, { kinesis, tableStreams }: AwsClients): Stream {
  const [, , service] = arn.split(":");
  if (service === "kinesis") return new KinesisStream(arn, role, kinesis);
  if (service === "dynamodb") return new TableStream(arn, tableStreams);
  throw new RangeError(`The twin reads queues of SQS and streams of Kinesis and DynamoDB, not '${arn}'.`);
}

function startingPosition(value: string): StartingPosition {
  const known = STARTING_POSITIONS.find((position) => position === value);
  if (known === undefined)
    throw new RangeError(`The twin starts to read streams at ${STARTING_POSITIONS.join(" or ")}.`);
  return known;
}

function settingsOf(id: string, state: Properties, batchSize: number): SourceSettings {
  const types = state["functionResponseTypes"];
  return {
    id,
    sourceArn: required(state, "eventSourceArn"),
    // The name, or the ARN.
    functionName: required(state, "functionName").split(":").at(-1) ?? "",
    batchSize: number(state, "batchSize", batchSize),
    reportsFailures: Array.isArray(types) && types.includes("ReportBatchItemFailures"),
  };
}
