import type {
  AlignmentAnswer,
  Conservation,
  ResolvedProtein,
  RetrievalAnswer,
  SourceAnswer,
} from "../../../../contract/evidence.js";
import type { ProteinVariants } from "../../../../contract/genome.js";
import type { VariantEffects } from "../../../../contract/result.js";
import type { StateError } from "../../../../contract/workflow.js";

/** What the functions that the state machine calls besides that of the steps answer, or their error. */
export interface Branches {
  readonly protein?: ResolvedProtein | StateError;
  readonly retrieval?: { readonly variants: readonly ProteinVariants[]; readonly fasta: string } | StateError;
  readonly failedRegions?: RetrievalAnswer["failed"];
  /** Sequences of the alignment that could not be aligned. */
  readonly notAligned?: AlignmentAnswer["failed"];
  /** How many failed of each, where not all are listed. */
  readonly failedCount?: number;
  readonly sources?: Readonly<Record<string, SourceAnswer | StateError>>;
  readonly conservation?: Conservation | StateError;
  /** How a job of AWS Batch that aligns ends; `lost` leaves nothing. Default: the function aligns. */
  readonly job?: "completed" | "failed" | "lost";
  /** How the model ends. Default: a result. */
  readonly model?: "Completed" | "Failed";
  /** Default: see `effectsOf`. */
  readonly result?: (sequence: string) => VariantEffects;
}

/** The error of a job of AWS Batch, in the form that Step Functions gives it. */
export const JOB_FAILED: StateError = {
  Error: "States.TaskFailed",
  Cause: JSON.stringify({
    JobId: "1",
    Status: "FAILED",
    StatusReason: "Essential container in task exited",
    Container: { ExitCode: 137, Reason: "OutOfMemoryError: Container killed due to memory usage" },
  }),
};
