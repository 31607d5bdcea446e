import type { ApiService } from "../api/service.js";
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

/** The versions that images have in the twin. */
export interface ImageVersions {
  readonly base: { readonly model_version: string };
  /** The version of an image that is built with these arguments. */
  built(buildArgs: Properties): string;
}

/** What resources are created in. */
export interface TwinServices {
  readonly aws: AwsClients;
  /** Endpoint URL of every service. */
  readonly endpointUrl: string;
  readonly lambda: LambdaService;
  readonly api: ApiService;
  readonly processes: Processes;
  /** The resources that make up SageMaker endpoints, by Pulumi type; see `assembleEndpoints`. */
  readonly endpointParts: Map<string, Resource[]>;
  /** Interval of each schedule, in ms, by the name of its rule. */
  readonly schedules: Map<string, number>;
  /** The schedules of EventBridge Scheduler, by name. */
  readonly timers: Map<string, Timer>;
  /** Folder of the build context of each image of a function, by the image's URI. */
  readonly functionImages: Map<string, string>;
  /** The checkpoints that take the place of images. */
  readonly models: ImageVersions;
}

/**
 * Creates one resource in the twin.
 *
 * @returns the outputs that differ from `resource.state`
 */
export type Create = (resource: Resource, services: TwinServices) => Promise<Properties>;

/** The function that creates a resource, by Pulumi type. */
export type CreateTable = Readonly<Record<string, Create>>;
