/** Numbers that callers, functions and the program share, each with its unit. */

/** Most residues of one protein. */
export const MAX_SEQUENCE_LENGTH = 10_000;

/** Most variants in one call. */
export const MAX_VARIANTS = 10_000;

/** Largest absolute value of `numbering_offset`. */
export const MAX_NUMBERING_OFFSET = 1_000_000;

/** Most variants at either end of a summary. */
export const MAX_TOP = 25;

/** How long SageMaker keeps a request in its queue, in seconds: its maximum. */
export const REQUEST_TTL_SECONDS = 21_600;

/** How long one invocation of the model may take, in seconds: SageMaker's maximum. */
export const INVOCATION_TIMEOUT_SECONDS = 3_600;

/** Longest time an accepted job can be unfinished, in seconds: queue TTL plus invocation timeout. */
export const LONGEST_JOB_SECONDS = REQUEST_TTL_SECONDS + INVOCATION_TIMEOUT_SECONDS;
