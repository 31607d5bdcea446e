import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import { createRecorder } from "../../../lambda/jobs/recorder.js";
import { toolsContext, type ToolsWorld } from "./world.js";

/** A notification of SageMaker about a job of the world, with changes at the top level. */
export function notificationOf(
  world: ToolsWorld,
  id: string,
  status: string,
  more: Record<string, unknown> = {},
): object {
  const {
    inference_id: inferenceId,
    output_location: outputLocation,
    failure_location: failureLocation,
  } = world.job(id);
  return {
    awsRegion: "us-east-1",
    eventTime: world.now.toISOString(),
    receivedTime: world.now.toISOString(),
    invocationStatus: status,
    requestParameters: { endpointName: "protein-endpoint", inputLocation: "s3://bucket/key" },
    responseParameters:
      status === "Completed" ? { contentType: "application/json", outputLocation } : { failureLocation },
    inferenceId,
    eventVersion: "1.0",
    eventSource: "aws:sagemaker",
    eventName: "InferenceResult",
    ...more,
  };
}

/**
 * Calls the recorder with one batch.
 *
 * @param messages texts, or objects that are sent as JSON
 * @returns the indexes of the messages that failed
 */
export async function recordBatch(world: ToolsWorld, ...messages: (object | string)[]): Promise<number[]> {
  const recorder = createRecorder(world.services);
  const Records = messages.map((message, index) => ({
    messageId: String(index),
    body: typeof message === "string" ? message : JSON.stringify(message),
  })) as SQSRecord[];
  const { batchItemFailures }: SQSBatchResponse = await world.quietly(() => recorder({ Records }, toolsContext()));
  return batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier));
}
