/** What AWS does not document, or nobody measured: a simulation says under which of these it holds. */
export interface Assumptions {
  /** Median of the time from a request for an instance to its first job, in seconds. 643 s were measured for a g5. */
  readonly startMedianSeconds: number;
  /** Spread of that time: standard deviation of its logarithm. */
  readonly startSpread: number;
  /** Time from the end of a minute until its data point is visible to alarms, in seconds. */
  readonly publicationSeconds: number;
  /**
   * Whether Application Auto Scaling can ask for more instances while earlier ones start: `accepted`, and a cooldown
   * begins with the request; or `refused`, and it begins when they run.
   */
  readonly updates: "accepted" | "refused";
  /** Whether ApproximateBacklogSize counts requests in progress, as documented, or only those that wait. */
  readonly backlogCounts: "all" | "waiting";
  /** Time between SIGTERM and the end of a request's computation, in seconds: `grace_s` of the model server. */
  readonly graceSeconds: number;
  /** Seed of start times and traces. */
  readonly seed: number;
}

export const ASSUMPTIONS: Assumptions = {
  startMedianSeconds: 643,
  startSpread: 0.15,
  publicationSeconds: 60,
  updates: "accepted",
  backlogCounts: "all",
  graceSeconds: 25,
  seed: 1,
};
