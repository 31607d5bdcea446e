import type { LambdaService } from "../functions/service.js";
import type { AwsClients } from "../moto/moto.js";
import type { Processes } from "../processes/processes.js";

/** Inputs or outputs of a resource, with Pulumi's property names. */
export type Properties = Readonly<Record<string, unknown>>;

/** One resource of the program. */
export interface Resource {
  /** Its physical id, as AWS would give it. */
  readonly id: string;
  /** Its inputs, and the outputs that AWS would add. */
  readonly state: Properties;
}

/** What a schedule of EventBridge Scheduler starts. */
export interface Timer {
  readonly stateMachineArn: string;
  /** JSON. */
  readonly input: string;
}

/** What resources are created in. */
export interface TwinServices {
  readonly aws: AwsClients;
  /** Endpoint URL of every service. */
  readonly endpointUrl: string;
  readonly lambda: LambdaService;
  readonly processes: Processes;
  /** The resources that make up SageMaker endpoints, by Pulumi type; see `assembleEndpoints`. */
  readonly endpointParts: Map<string, Resource[]>;
  /** Interval of each schedule, in ms, by the name of its rule. */
  readonly schedules: Map<string, number>;
  /** The schedules of EventBridge Scheduler, by name. */
  readonly timers: Map<string, Timer>;
  /** Takes the place of the image's digest: the version of the weights and the code that the twin runs. */
  readonly modelVersion: string;
}

/**
 * Creates one resource in the twin.
 *
 * @returns the outputs that differ from `resource.state`
 */
export type Create = (resource: Resource, services: TwinServices) => Promise<Properties>;

/** The function that creates a resource, by Pulumi type. */
export type CreateTable = Readonly<Record<string, Create>>;
