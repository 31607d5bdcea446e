import { z } from "zod";
import { inferenceIdOf } from "../../contract/jobs.js";
import type { ServiceCall } from "../../local/twin/faults.js";

const id = z.object({ S: z.string() });

/** The parts of DynamoDB's requests that name a job, its attempt and its new state. */
const dynamoRequest = z.object({
  Key: z.object({ output_id: id }).optional(),
  Item: z.object({ output_id: id }).optional(),
  ExpressionAttributeValues: z
    .looseObject({ ":state": id.optional(), ":attempt": z.object({ N: z.string() }).optional() })
    .optional(),
});

type DynamoRequest = z.infer<typeof dynamoRequest>;

/** What a request is about, for decisions that do not depend on the order of requests: a job, an attempt or an object. */
export function jobOfCall(call: ServiceCall): string {
  const inferenceId = call.request.headers["x-amzn-sagemaker-inference-id"];
  if (typeof inferenceId === "string") return inferenceId;
  const { Key, Item } = readDynamo(call);
  return (Key ?? Item)?.output_id.S ?? "";
}

/** The attempt that this request records in the ledger as accepted or completed by SageMaker; undefined for others. */
export function recordedAttempt(call: ServiceCall): string | undefined {
  if (call.operation !== "UpdateItem") return undefined;
  const { Key, ExpressionAttributeValues: values } = readDynamo(call);
  const state = values?.[":state"]?.S;
  if (Key === undefined || !values || (state !== "in_progress" && state !== "completed")) return undefined;
  return inferenceIdOf(Key.output_id.S, Number(values[":attempt"]?.N));
}

function readDynamo({ service, body }: ServiceCall): DynamoRequest {
  if (service !== "dynamodb" || body === undefined) return {};
  return dynamoRequest.safeParse(JSON.parse(body.toString())).data ?? {};
}
