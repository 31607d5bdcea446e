import { runtime } from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";

/** What the program asks of the engine for one resource, beyond its inputs. */
export interface ResourceOptionsSeen {
  /** URNs that it waits for, those of its inputs included. */
  readonly dependsOn: readonly string[];
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

/** One resource that the program registers, as the engine would see it. */
export interface PlannedResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of the component that holds it; absent for what stands at the top. */
  readonly parent?: string;
  /** Whether a provider makes it; false for components. */
  readonly custom: boolean;
  readonly inputs: Record<string, unknown>;
  /** What the program asks of the engine for this resource. */
  readonly options: ResourceOptionsSeen;
}

/** The part of Pulumi's mock monitor that registers resources. */
interface Monitor {
  registerResource(
    request: RegisterResourceRequest,
    callback: (error: Error | null, response: RegisterResourceResponse) => void,
  ): unknown;
  registerResourceHook?(request: unknown, callback: (error: Error | null) => void): void;
}

/**
 * Records what is registered from now on, parents and options included: mocks alone see neither.
 * To be called after `setMocks`.
 *
 * @returns a list that grows as the program runs, in the order of registration
 */
export function watchRegistrations(): PlannedResource[] {
  const registrations: PlannedResource[] = [];
  // Pulumi's types know only the real monitor, a gRPC client; under mocks it is an object with this one method.
  const monitor = runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  // The mock monitor knows no hooks, and the program would wait for the registration of one for ever.
  monitor.registerResourceHook = (_request, callback) => {
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
 * Plain values in the place of Pulumi's wrapped secrets, at any depth: what a provider is given. Assets stay as they are.
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
