/**
 * Environment variables of the tools' function: the program sets them, the function reads them.
 * Times are in seconds unless the name says otherwise.
 */
export const TOOLS_ENVIRONMENT = {
  endpointName: "ENDPOINT_NAME",
  bucketName: "BUCKET_NAME",
  jobTableName: "JOB_TABLE_NAME",
  modelId: "MODEL_ID",
  modelRevision: "MODEL_REVISION",
  /** The image's digest: weights and code in one. */
  modelVersion: "MODEL_VERSION",
  jobRetentionDays: "JOB_RETENTION_DAYS",
  /** Invocations that one instance works on at a time. */
  maxConcurrentInvocations: "MAX_CONCURRENT_INVOCATIONS",
} as const;

/** What the tools' function is told by the program, every value as text. */
export type ToolsEnvironment = Record<(typeof TOOLS_ENVIRONMENT)[keyof typeof TOOLS_ENVIRONMENT], string>;
