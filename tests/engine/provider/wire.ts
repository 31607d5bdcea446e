import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import structProto, { type JavaScriptValue, type Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** Properties of a resource in a provider call: plain JSON, with {@link UNKNOWN} for unknown values. */
export type Properties = Record<string, unknown>;

/** What the engine sends in a preview for a value that is known only after the deployment. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is unknown or contains an unknown value. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

export function toStruct(properties: Properties): Struct {
  return structProto.Struct.fromJavaScript(withoutUndefined(properties) as Record<string, JavaScriptValue>);
}

/** Struct has no `undefined`; JSON leaves such keys out. */
function withoutUndefined(properties: Properties): unknown {
  return JSON.parse(JSON.stringify(properties));
}

/** AWS rejected a call. */
export class CloudError extends Error {
  override readonly name = "CloudError";
}

/** A resource was created but failed to start: the engine keeps it in its state, with the error. */
export class InitializationError extends Error {
  override readonly name = "InitializationError";

  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
  ) {
    super(message);
  }
}

/** The gRPC error of a failed call; it contains the resource that was created all the same, if any. */
export function toServiceError(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof InitializationError) metadata.add("grpc-status-details-bin", initializationDetails(error));
  return { code: status.UNKNOWN, details: message, metadata };
}

function initializationDetails({ message, id, outputs }: InitializationError): Buffer {
  const failed = new providerProto.ErrorResourceInitFailed();
  failed.setId(id);
  failed.setProperties(toStruct(outputs));
  failed.setReasonsList([message]);
  const details = new anyProto.Any();
  details.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const failure = new statusProto.Status();
  failure.setCode(status.UNKNOWN);
  failure.setMessage(message);
  failure.addDetails(details);
  return Buffer.from(failure.serializeBinary());
}
