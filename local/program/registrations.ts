import { runtime } from "@pulumi/pulumi";
import { withoutSecrecy } from "./secrets.js";
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

/** One registration, as the engine would see it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly parent?: string;
  readonly custom: boolean;
  readonly inputs: Record<string, unknown>;
  readonly options: ResourceOptionsSeen;
}

/** The part of Pulumi's mock monitor that registers resources. */
interface Monitor {
  registerResource(
    request: RegisterResourceRequest,
    callback: (error: Error | null, response: RegisterResourceResponse) => void,
  ): unknown;
}

/**
 * Records what is registered from now on, parents and options included: mocks alone see neither.
 * To be called after `setMocks`.
 *
 * @returns a list that grows as the program runs, in the order of registration
 */
export function watchRegistrations(): Registration[] {
  const registrations: Registration[] = [];
  // Pulumi's types know only the real monitor, a gRPC client; under mocks it is an object with this one method.
  const monitor = runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (!error) registrations.push(registrationOf(request, response.getUrn()));
      callback(error, response);
    });
  return registrations;
}

function registrationOf(request: RegisterResourceRequest, urn: string): Registration {
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
