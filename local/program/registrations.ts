import { runtime } from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";

/** Resource options that the program sets. */
export interface ResourceOptionsSeen {
  /** URNs of the resources that it depends on, through its inputs too. */
  readonly dependsOn: readonly string[];
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

/** One resource that the program registers, as the engine receives it. */
export interface PlannedResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of its parent; absent at the top level. */
  readonly parent?: string;
  /** Whether a provider creates it; false for components. */
  readonly custom: boolean;
  readonly inputs: Record<string, unknown>;
  readonly options: ResourceOptionsSeen;
}

type RegisterHook = (request: unknown, callback: (error: Error | null) => void) => void;

/** The part of Pulumi's mock monitor that registers resources. */
interface Monitor {
  registerResource(
    request: RegisterResourceRequest,
    callback: (error: Error | null, response: RegisterResourceResponse) => void,
  ): unknown;
  registerResourceHook?: RegisterHook;
  registerErrorHook?: RegisterHook;
}

/**
 * Records each resource that is registered after this call, with its parent and options, which Pulumi's mocks do not
 * receive. Call it after `setMocks`.
 *
 * @returns a list that grows while the program runs, in the order of registration
 */
export function watchRegistrations(): PlannedResource[] {
  const registrations: PlannedResource[] = [];
  // Pulumi's types know only the real monitor, a gRPC client; under mocks it is an object with this one method.
  const monitor = runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  // The mock monitor has no hooks; without this the program would wait forever for the registration of one.
  monitor.registerResourceHook = monitor.registerErrorHook = (_request, callback) => {
    callback(null);
  };
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (!error) registrations.push(registrationOf(request, response.getUrn()));
      callback(error, response);
    });
  return registrations;
}

function registrationOf(request: RegisterResourceRequest, urn: string): PlannedResource {
  const parent = request.getParent();
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    ...(parent ? { parent } : {}),
    custom: request.getCustom(),
    inputs: inputsOf(request),
    options: {
      dependsOn: request.getDependenciesList(),
      retainOnDelete: request.getRetainondelete() ?? false,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      protect: request.getProtect() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
    },
  };
}

function inputsOf(request: RegisterResourceRequest): Record<string, unknown> {
  const object = request.getObject();
  return object ? (withoutSecrecy(runtime.deserializeProperties(object)) as Record<string, unknown>) : {};
}

/**
 * Unwraps Pulumi's secrets at any depth, so that the values are those that a provider receives. Assets stay unchanged.
 */
export function withoutSecrecy(value: unknown): unknown {
  if (runtime.isRpcSecret(value)) return withoutSecrecy(runtime.unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(withoutSecrecy);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrecy(inner)]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
