import type { AwsClients } from "../moto/moto.js";
import type { LambdaService } from "../functions/service.js";
import type { Processes } from "../processes/processes.js";

/** A resource's inputs or outputs, as the program names them. */
export type Properties = Readonly<Record<string, unknown>>;

/** Id and outputs of a resource. */
export interface Made {
  readonly id: string;
  readonly state: Properties;
}

/** What stands behind the twin's resources. */
export interface TwinServices {
  readonly aws: AwsClients;
  readonly lambda: LambdaService;
  readonly processes: Processes;
  /** What the program says of SageMaker, by Pulumi type; endpoints are started once all is known. */
  readonly sagemaker: Map<string, Made[]>;
  /** Stands for the image's digest: the weights and the code that the twin runs. */
  readonly modelVersion: string;
}

/**
 * Creates one resource in the twin.
 *
 * @param made id and outputs as AWS would give them
 * @returns outputs that differ from those
 */
export type Create = (made: Made, services: TwinServices) => Promise<Properties>;

/** Creators by Pulumi type. */
export type CreateTable = Readonly<Record<string, Create>>;
