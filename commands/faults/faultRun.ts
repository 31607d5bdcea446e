import type { Counts } from "./independentRecord.js";

export interface FaultRunOptions {
  /** Number of jobs. */
  readonly jobs: number;
  readonly seed: number;
  /** Folder of a checkpoint; only its description is used. */
  readonly modelDir: string;
  /** Called with one sentence for each part of the run. */
  readonly onProgress?: (message: string) => void;
}

export interface FaultRun {
  readonly counts: Counts;
  /** Jobs that were scored twice within the stated window. */
  readonly repeatedWithinWindow: number;
  /** Messages about unknown jobs that were sent, and messages in the dead-letter queue. */
  readonly unknown: { readonly sent: number; readonly deadLetters: number };
  /** Errors of the tools that no fault explains, by code. */
  readonly unexplained: ReadonlyMap<string, number>;
  /** Number of injected faults by kind. */
  readonly injected: ReadonlyMap<string, number>;
}
