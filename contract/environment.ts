/**
 * Environment variables of the tools' function: the program sets them, the function reads them.
 * Times are in seconds unless the name has another unit.
 */
export const TOOLS_ENVIRONMENT = {
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
  /** The function's own time-out, as configured in Lambda. */
  functionTimeoutSeconds: "FUNCTION_TIMEOUT_SECONDS",
} as const;

/** The variables that the program sets, every value as text. */
export type ToolsEnvironment = Record<(typeof TOOLS_ENVIRONMENT)[keyof typeof TOOLS_ENVIRONMENT], string>;
