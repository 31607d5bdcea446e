/**
 * Environment variables of every function that works with jobs: the program sets them, the functions read them.
 * Times are in seconds unless the name has another unit.
 */
export const JOB_ENVIRONMENT = {
  endpointName: "ENDPOINT_NAME",
  bucketName: "BUCKET_NAME",
  jobTableName: "JOB_TABLE_NAME",
  modelId: "MODEL_ID",
  modelRevision: "MODEL_REVISION",
  /** The image's digest: it identifies both the weights and the code. */
  modelVersion: "MODEL_VERSION",
  jobRetentionDays: "JOB_RETENTION_DAYS",
  /** Most requests that one instance works on at a time. */
  maxConcurrentInvocations: "MAX_CONCURRENT_INVOCATIONS",
  /** How long one invocation of the model may take. */
  maxInvocationSeconds: "MAX_INVOCATION_SECONDS",
  /** Most instances of the endpoint. */
  maxCapacity: "MAX_CAPACITY",
  /** Most attempts of a job that fail or expire, one after the other. */
  maxAttempts: "MAX_ATTEMPTS",
  /** The longest time-out of a function that submits jobs: until then, a submission may still run. */
  submissionTimeoutSeconds: "SUBMISSION_TIMEOUT_SECONDS",
  /** The function's own time-out, as configured in Lambda. */
  functionTimeoutSeconds: "FUNCTION_TIMEOUT_SECONDS",
} as const;

/** The variables that the program sets, every value as text. */
export type JobEnvironment = Record<(typeof JOB_ENVIRONMENT)[keyof typeof JOB_ENVIRONMENT], string>;

/** Environment variables of the functions of the result store. */
export const RESULTS_ENVIRONMENT = {
  bucketName: "BUCKET_NAME",
  /** Only where shards of scans are stored: their jobs are read from this table. */
  jobTableName: "JOB_TABLE_NAME",
} as const;

/** Environment variable of the functions that answer the tasks of state machines: absent without `scan`. */
export const TASK_ENVIRONMENT = { answersTasks: "ANSWERS_TASKS" } as const;

/** Environment variables of the functions that submit FASTA files: absent without `fastaDrop`. */
export const FASTA_ENVIRONMENT = { queueUrl: "FASTA_QUEUE_URL" } as const;

/** Environment variables of the tools' function for the HTTP API: absent without `apiOrigins`. */
export const API_ENVIRONMENT = {
  /** Origins of web pages that may call the API, with commas between them. */
  origins: "API_ORIGINS",
} as const;
