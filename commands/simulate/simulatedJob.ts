/** A job in a simulation. */
export interface SimulatedJob {
  /** Seconds from the start of the trace. */
  readonly arrival: number;
  /** Seconds that a slot is taken without the GPU: the request is read, the result is written. */
  readonly ioSeconds: number;
  /** Seconds that one GPU computes, by itself. */
  readonly gpuSeconds: number;
  /** When SageMaker got it, in seconds. */
  sentAt: number;
  /** How often the instance that worked on it ended. */
  kills: number;
}
