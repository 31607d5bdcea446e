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

/** Environment variables of every function that works with jobs: absent on a stack with one model version. */
export const MODELS_ENVIRONMENT = {
  /** The versions in JSON, see `ServedVersion`. */
  versions: "MODEL_VERSIONS",
  /** Name of the parameter in Systems Manager that says which version is active. */
  pointer: "MODEL_POINTER",
  /** Version that gets a share of the proteins, or shadows; absent without `modelB`. */
  modelB: "MODEL_B",
  /** In percent. */
  modelBShare: "MODEL_B_SHARE",
  modelBMode: "MODEL_B_MODE",
} as const;

/** Environment variables of the function that rolls a model version back. */
export const MODEL_GUARD_ENVIRONMENT = {
  /** Name of the parameter with the active pointer. */
  pointer: "MODEL_POINTER",
  /** JSON: the version that each alarm watches, by the alarm's name. */
  alarms: "GUARD_ALARMS",
} as const;

/** Environment variables of the functions of the result store. */
export const RESULTS_ENVIRONMENT = {
  bucketName: "BUCKET_NAME",
  /** Only where shards of scans are stored: their jobs are read from this table. */
  jobTableName: "JOB_TABLE_NAME",
} as const;

/** Environment variable of the functions that answer the tasks of state machines: absent without `scan`. */
export const TASK_ENVIRONMENT = { answersTasks: "ANSWERS_TASKS" } as const;

/** Environment variable of the functions that submit jobs: absent without `monthlyBudgetUsd`. */
export const BUDGET_ENVIRONMENT = { costGuard: "COST_GUARD" } as const;

/** Environment variables of the function of the brake. Capacities are numbers of instances. */
export const BRAKE_ENVIRONMENT = {
  jobTableName: "JOB_TABLE_NAME",
  /** Resource id of the scalable target: `endpoint/{name}/variant/{variant}`. */
  scalableResourceId: "SCALABLE_RESOURCE_ID",
  budgetName: "BUDGET_NAME",
  minCapacity: "MIN_CAPACITY",
  maxCapacity: "MAX_CAPACITY",
  brakeCapacity: "BRAKE_CAPACITY",
  /** The scalable targets of the versions beside `base` in JSON, see `BrakeTarget`; absent on a stack with one version. */
  versions: "BRAKE_VERSIONS",
} as const;

/** Environment variables of the functions that submit FASTA files: absent without `fastaDrop`. */
export const FASTA_ENVIRONMENT = { queueUrl: "FASTA_QUEUE_URL" } as const;

/** Environment variables of the function that starts and reads workflows. */
export const WORKFLOW_ENVIRONMENT = {
  bucketName: "BUCKET_NAME",
  jobTableName: "JOB_TABLE_NAME",
  /** ARN of the state machine of workflows. */
  machineArn: "WORKFLOW_MACHINE_ARN",
  functionTimeoutSeconds: "FUNCTION_TIMEOUT_SECONDS",
} as const;

/** Environment variables of the tools' function for the HTTP API: absent without `apiOrigins`. */
export const API_ENVIRONMENT = {
  /** Origins of web pages that may call the API, with commas between them. */
  origins: "API_ORIGINS",
} as const;

/** Environment variables of the function of sources. */
export const SOURCES_ENVIRONMENT = {
  /** The table of answers of sources, and of when each may be asked next. */
  tableName: "EVIDENCE_TABLE_NAME",
  /** Name of the SecureString in Systems Manager with the key for NCBI; absent without one. */
  ncbiKeyParameter: "EVIDENCE_NCBI_KEY_PARAMETER",
  /** E-mail address that sources can write to, sent with each request; absent without one. */
  contact: "EVIDENCE_CONTACT",
} as const;

/**
 * The variable that replaces the address of a source, such as `EVIDENCE_UNIPROT_URL=http://127.0.0.1:8000/uniprot`. No
 * stack sets it: it is for tests, the local twin and mirrors.
 */
export function sourceUrlVariable(source: string): string {
  return `EVIDENCE_${source.toUpperCase()}_URL`;
}

/** Environment variables of the functions that retrieve and align sequences. */
export const EVIDENCE_ENVIRONMENT = {
  bucketName: "BUCKET_NAME",
  /** Folders besides that of the bucket from which genomes are read, with commas between them. */
  genomeSources: "GENOME_SOURCES",
  /** Set where jobs align what is too large for the function: its error then says so by name. */
  alignmentJobs: "ALIGNMENT_JOBS",
} as const;
