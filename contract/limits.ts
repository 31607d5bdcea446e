/** Limits that the tools, their callers and the program share. */

/** Most residues of one protein. */
export const MAX_SEQUENCE_LENGTH = 10_000;

/** Most records of one FASTA file. */
export const MAX_FASTA_RECORDS = 10_000;

/** Most bytes of an uploaded FASTA file, compressed or not: 100 MB. */
export const MAX_FASTA_BYTES = 100_000_000;

/** Most bytes of the text of a FASTA file, which is what a compressed file expands to: 200 MB. */
export const MAX_FASTA_TEXT_BYTES = 200_000_000;

/** Most records of a FASTA file that is scanned. */
export const MAX_SCAN_RECORDS = 100_000;

/** Most variants in one call. */
export const MAX_VARIANTS = 10_000;

/** Largest absolute value of `numbering_offset`. */
export const MAX_NUMBERING_OFFSET = 1_000_000;

/** Most best and most worst variants in a summary. */
export const MAX_TOP = 25;

/** Most characters of a protein's `name`. */
export const MAX_NAME_LENGTH = 256;

/** Most tags of a submission. */
export const MAX_TAGS = 10;

/** Most characters of a tag. */
export const MAX_TAG_LENGTH = 64;

/** Most jobs on one page of `list_jobs`. */
export const MAX_PAGE = 50;

/** Most bytes of an error, as JSON. */
export const MAX_ERROR_BYTES = 2_000;

/** Most bytes of an answer with a summary, as JSON. */
export const MAX_SUMMARY_BYTES = 8_000;

/** How long a download link works, in seconds; shorter if the function's credentials expire before. */
export const DOWNLOAD_LINK_SECONDS = 3_600;

/** How long an answer with the result of a completed job may be cached, in seconds: its download link works longer. */
export const RESULT_CACHE_SECONDS = 300;

/** How long the form of an upload works, in seconds; shorter if the function's credentials expire before. */
export const UPLOAD_FORM_SECONDS = 900;

/** How long SageMaker keeps a request in its queue, in seconds: its maximum. */
export const REQUEST_TTL_SECONDS = 21_600;

/**
 * Most jobs in SageMaker's queue. More wait in the ledger; each minute the queue is filled up again, so that an instance
 * has work even if a job takes a tenth of a second.
 */
export const MAX_IN_FLIGHT = 1_000;

/**
 * How long an update of the endpoint may take, in seconds: start of the new fleet, bake and drain of the old one. The
 * provider waits 3,600 s for an endpoint, and no setting raises that.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/39040
 */
export const UPDATE_SECONDS = 3_000;

/** Part of an update in which the new fleet starts, in seconds: 643 s were measured for one ml.g5 instance. */
const START_SECONDS = 720;

/** Part of an update in which the rollback alarm watches the new fleet, in seconds. */
export const BAKE_SECONDS = 600;

/**
 * Maximum of `maxInvocationSeconds`, in seconds: the rest of an update. The old fleet is kept for so long, and a longer
 * invocation would be lost in an update.
 */
export const MAX_INVOCATION_SECONDS = UPDATE_SECONDS - START_SECONDS - BAKE_SECONDS;

/**
 * Longest time an accepted job can be unfinished, in seconds: queue TTL plus the maximum of an invocation. Not that of
 * the stack: its operator can lower it while jobs are in the queue.
 */
export const LONGEST_JOB_SECONDS = REQUEST_TTL_SECONDS + MAX_INVOCATION_SECONDS;

/** Days that a workflow and its files are kept. */
export const WORKFLOW_DAYS = 90;

/** Longest time that the protein of a workflow waits for the model, in seconds: queue, two attempts, and the sweeper. */
export const SCORE_SECONDS = 2 * LONGEST_JOB_SECONDS + 3_600;

/** Longest time of a job that aligns a large family, in seconds; its wait for a place is within {@link SCORE_SECONDS} too. */
export const ALIGNMENT_JOB_SECONDS = 43_200;

/** Longest time of a workflow, in seconds. */
export const WORKFLOW_SECONDS = SCORE_SECONDS + 7_200;
