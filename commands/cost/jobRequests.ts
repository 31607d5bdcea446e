/**
 * DynamoDB's units of one job, from the code: a submission reads the job, the measured times twice, and the queue twice; it
 * writes the job and its acceptance. The recorder reads the job and the times, and writes both. A write of a job also
 * writes the two indexes that hold it, the one by state twice if the state changes.
 */
export const READS_BESIDE_QUEUE = 4.5;
export const WRITES = 12;

/** Size of a job in the ledger, and what one eventually consistent read unit reads, in kB. */
export const JOB_KB = 0.8;
const READ_UNIT_KB = 8;

/** Times that a submission reads all jobs in SageMaker's queue. */
const QUEUE_READS = 2;

/** S3: the request and the result are written; SageMaker reads the request, and a caller the result, if one waits for it. */
export const S3_PUTS = 2;
export const S3_GETS = { model: 1, caller: 1 };

/** Calls of the tools for a job, submission and result, and of the recorder; an estimate until they are measured in AWS. */
export const TOOL_CALLS = 2;
export const RECORDER_CALLS = 1;

/** Duration of one call, in seconds; an estimate. */
export const CALL_SECONDS = 0.2;

/** Messages: one of SNS, and receiving and deleting it in SQS. */
export const MESSAGES = { sns: 1, sqs: 2 };

/** Size of a request without the residues, and of a result for each residue, in kB. */
export const REQUEST_KB = 0.3;
export const RESULT_KB_PER_RESIDUE = 0.32;

/** Read units with which a submission reads the queue, at a number of jobs in it. */
export function queueReadUnits(jobsInQueue: number): number {
  return QUEUE_READS * Math.ceil((jobsInQueue * JOB_KB) / READ_UNIT_KB);
}
