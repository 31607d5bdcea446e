import type { Clock } from "./clock.js";
import type { TwinFaults } from "./faults.js";
import type { ModelServer } from "./sagemaker/fleet.js";

/** How a twin is started. */
export interface TwinOptions {
  /** Folder of the checkpoint to serve. */
  readonly modelDir: string;
  /**
   * Folders of the checkpoints of further model versions, by `modelId` or `modelId@revision` of the configuration.
   *
   * @default none
   */
  readonly models?: Readonly<Record<string, string>>;
  /**
   * Port of the endpoint URL.
   *
   * @default a free one
   */
  readonly port?: number;
  /**
   * Stack whose configuration is deployed.
   *
   * @default "default", which has the defaults of Pulumi.yaml
   */
  readonly stack?: string;
  /** Configuration that overrides the stack's, such as `{ minCapacity: "0" }`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Called with one sentence for each step of the start, and later for each event of an endpoint. */
  readonly onProgress?: (message: string) => void;
  /** Called with type and name of each resource that is deployed. */
  readonly onResource?: (resource: string) => void;
  /**
   * Clock of queues and endpoints.
   *
   * @default the machine's
   */
  readonly clock?: Clock;
  /**
   * Seconds of backlog before an endpoint with zero instances starts one. The alarm in AWS needs 120.
   *
   * @default 0
   */
  readonly wakeSeconds?: number;
  /**
   * Seconds without work before an endpoint that scales to zero does so.
   *
   * @default 300, as the alarm in AWS
   */
  readonly idleSeconds?: number;
  /**
   * Starts a model server in place of that of every endpoint; resolves once it answers.
   *
   * @default the container's server with the checkpoint
   */
  readonly launch?: () => Promise<ModelServer>;
  /**
   * Faults to inject.
   *
   * @default none
   */
  readonly faults?: TwinFaults;
}
