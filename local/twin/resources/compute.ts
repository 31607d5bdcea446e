import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { FunctionSettings } from "../functions/environment.js";
import { intervalOf } from "../functions/schedule.js";
import { number, required, nested, text } from "./properties.js";
import { writeArchive } from "./archive.js";
import type { Create, CreateTable, Properties, TwinServices } from "./types.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Pulumi types that make up an asynchronous endpoint. */
export const SAGEMAKER_TYPES = {
  model: "aws:sagemaker/model:Model",
  config: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  scalableTarget: "aws:appautoscaling/target:Target",
} as const;

/** Functions, the model's image, and the parts of SageMaker endpoints. */
export const computeResources: CreateTable = {
  "awsx:ecr:Image": ({ state }, { functionImages }) => {
    functionImages.set(required(state, "imageUri"), required(state, "context"));
    return Promise.resolve({});
  },
  "aws:lambda/function:Function": async ({ id, state }, services) => {
    const { lambda } = services;
    const name = text(state, "name") ?? id;
    const reserved = number(state, "reservedConcurrentExecutions", -1);
    const architectures = state["architectures"];
    lambda.add({
      name,
      ...(await codeOf(state, services)),
      arn: required(state, "arn"),
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
    lambda.schedule(required(state, "arn").split(":").at(-1) ?? "", interval, text(state, "input"));
    return Promise.resolve({});
  },
  "docker-build:index:Image": ({ state }, { models }) => {
    const tags = state["tags"];
    const tag = Array.isArray(tags) ? String(tags[0]) : "local";
    const buildArgs = nested(state, "buildArgs");
    // A mirrored image has no build arguments: its model is not known.
    const digest = "MODEL_ID" in buildArgs ? models.built(buildArgs) : models.base.model_version;
    return Promise.resolve({ digest, ref: `${tag}@${digest}` });
  },
  ...Object.fromEntries(Object.values(SAGEMAKER_TYPES).map((type) => [type, keepForEndpoint(type)])),
};

/** The runtime of a container image: the image itself has it. */
const IMAGE_RUNTIME = "nodejs22.x";

/**
 * The code of a function: an archive, or a container image. No image is built: its bundle runs as a process of this machine,
 * with the programs that this machine has.
 */
async function codeOf(
  state: Properties,
  { processes, functionImages }: TwinServices,
): Promise<Pick<FunctionSettings, "codeDir" | "handler" | "runtime">> {
  const codeDir = path.join(processes.scratchFolder(), "code");
  if (text(state, "packageType") !== "Image") {
    await writeArchive(state["code"], codeDir);
    return { codeDir, handler: required(state, "handler"), runtime: required(state, "runtime") };
  }
  const uri = required(state, "imageUri");
  const context = functionImages.get(uri);
  if (context === undefined)
    throw new RangeError(`The program refers to image '${uri}', but builds none of that name.`);
  await cp(path.join(ROOT, context), codeDir, { recursive: true });
  const [, handler] = /^CMD \["([^"]+)"\]$/m.exec(await readFile(path.join(codeDir, "Dockerfile"), "utf8")) ?? [];
  if (handler === undefined) throw new RangeError(`The Dockerfile of image '${uri}' names no handler in CMD.`);
  return { codeDir, handler, runtime: IMAGE_RUNTIME };
}

/** Keeps a resource until the whole program is known; see `assembleEndpoints`. */
function keepForEndpoint(type: string): Create {
  return (resource, { endpointParts }) => {
    endpointParts.set(type, [...(endpointParts.get(type) ?? []), resource]);
    return Promise.resolve({});
  };
}
