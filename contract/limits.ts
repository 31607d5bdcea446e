/** Limits that the tools, their callers and the program share. */

/** Most residues of one protein. */
export const MAX_SEQUENCE_LENGTH = 10_000;

/** Most variants in one call. */
export const MAX_VARIANTS = 10_000;

/** Largest absolute value of `numbering_offset`. */
export const MAX_NUMBERING_OFFSET = 1_000_000;

/** Most best and most worst variants in a summary. */
export const MAX_TOP = 25;

/** Most characters of a protein's `name`. */
export const MAX_NAME_LENGTH = 256;

/** Most bytes of an error, as JSON. */
export const MAX_ERROR_BYTES = 2_000;

/** Most bytes of an answer with a summary, as JSON. */
export const MAX_SUMMARY_BYTES = 8_000;

/** How long a download link works, in seconds; shorter if the function's credentials expire before. */
export const DOWNLOAD_LINK_SECONDS = 3_600;

/** How long SageMaker keeps a request in its queue, in seconds: its maximum. */
export const REQUEST_TTL_SECONDS = 21_600;

/** How long one invocation of the model may take, in seconds: SageMaker's maximum. */
export const INVOCATION_TIMEOUT_SECONDS = 3_600;

/** Longest time an accepted job can be unfinished, in seconds: queue TTL plus invocation timeout. */
export const LONGEST_JOB_SECONDS = REQUEST_TTL_SECONDS + INVOCATION_TIMEOUT_SECONDS;
