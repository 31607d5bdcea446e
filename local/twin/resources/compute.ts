import path from "node:path";
import { intervalOf } from "../functions/schedule.js";
import { number, required, nested, text } from "./properties.js";
import { writeArchive } from "./archive.js";
import type { Create, CreateTable } from "./types.js";

/** Pulumi types that make up an asynchronous endpoint. */
export const SAGEMAKER_TYPES = {
  model: "aws:sagemaker/model:Model",
  config: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  scalableTarget: "aws:appautoscaling/target:Target",
} as const;

/** Functions, the model's image, and the parts of SageMaker endpoints. */
export const computeResources: CreateTable = {
  "aws:lambda/function:Function": async ({ id, state }, { lambda, processes }) => {
    const codeDir = path.join(processes.scratchFolder(), "code");
    await writeArchive(state["code"], codeDir);
    const name = text(state, "name") ?? id;
    const reserved = number(state, "reservedConcurrentExecutions", -1);
    const architectures = state["architectures"];
    lambda.add({
      name,
      codeDir,
      arn: required(state, "arn"),
      handler: required(state, "handler"),
      runtime: required(state, "runtime"),
      role: required(state, "role"),
      architecture: Array.isArray(architectures) ? String(architectures[0]) : "x86_64",
      // AWS's defaults.
      memoryMb: number(state, "memorySize", 128),
      timeoutSeconds: number(state, "timeout", 3),
      environment: nested(nested(state, "environment"), "variables") as Record<string, string>,
      logGroup: text(nested(state, "loggingConfig"), "logGroup") ?? `/aws/lambda/${name}`,
      reservedConcurrency: reserved < 0 ? undefined : reserved,
    });
    return {};
  },
  "aws:cloudwatch/eventRule:EventRule": ({ id, state }, { schedules }) => {
    schedules.set(id, intervalOf(required(state, "scheduleExpression")));
    return Promise.resolve({});
  },
  "aws:cloudwatch/eventTarget:EventTarget": ({ state }, { lambda, schedules }) => {
    const interval = schedules.get(required(state, "rule"));
    if (interval === undefined) throw new RangeError("A target refers to a rule that the program does not have.");
    lambda.schedule(required(state, "arn").split(":").at(-1) ?? "", interval);
    return Promise.resolve({});
  },
  "docker-build:index:Image": ({ state }, { modelVersion }) => {
    const tags = state["tags"];
    const tag = Array.isArray(tags) ? String(tags[0]) : "local";
    return Promise.resolve({ digest: modelVersion, ref: `${tag}@${modelVersion}` });
  },
  ...Object.fromEntries(Object.values(SAGEMAKER_TYPES).map((type) => [type, keepForEndpoint(type)])),
};

/** Keeps a resource until the whole program is known; see `assembleEndpoints`. */
function keepForEndpoint(type: string): Create {
  return (resource, { endpointParts }) => {
    endpointParts.set(type, [...(endpointParts.get(type) ?? []), resource]);
    return Promise.resolve({});
  };
}
