import * as z from "zod";
import { FASTA_ENVIRONMENT, JOB_ENVIRONMENT, TASK_ENVIRONMENT } from "../../contract/environment.js";

const text = z.string({ error: "is not set" }).trim().min(1, { error: "is not set", abort: true });

const count = text
  .regex(/^[1-9]\d*$/, { error: ({ input }) => `is '${String(input)}', not a whole number of at least 1` })
  .transform(Number);

/** The type of each setting; its variable is the one of the same key in {@link JOB_ENVIRONMENT}. */
const SETTINGS = {
  endpointName: text,
  bucketName: text,
  jobTableName: text,
  modelId: text,
  modelRevision: text,
  modelVersion: text,
  jobRetentionDays: count,
  maxConcurrentInvocations: count,
  maxInvocationSeconds: count,
  maxCapacity: count,
  maxAttempts: count,
  submissionTimeoutSeconds: count,
  functionTimeoutSeconds: count,
} satisfies Record<keyof typeof JOB_ENVIRONMENT, z.ZodType>;

const settingsSchema = z.object(SETTINGS);

/** What a function knows about its stack; see {@link JOB_ENVIRONMENT} for the meaning and unit of each setting. */
export type JobSettings = Readonly<z.infer<typeof settingsSchema>>;

/** A variable that the function needs is not set, or has a value that it cannot use. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/**
 * Reads the function's environment.
 *
 * @param variables the process's environment
 * @throws EnvironmentError with the name of every variable that is not set or cannot be used
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): JobSettings {
  const values = Object.entries(JOB_ENVIRONMENT).map(([key, variable]) => [key, variables[variable]]);
  const read = settingsSchema.safeParse(Object.fromEntries(values));
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => {
    const [key] = path as [keyof typeof JOB_ENVIRONMENT];
    return `${JOB_ENVIRONMENT[key]} ${message}`;
  });
  throw new EnvironmentError(`${faults.join("; ")}: deploy the stack again, which sets every variable.`);
}

/**
 * The address of the queue for FASTA files.
 *
 * @param variables the process's environment
 * @throws EnvironmentError if it is not set
 */
export function readQueueUrl(variables: Readonly<Record<string, string | undefined>>): string {
  const url = variables[FASTA_ENVIRONMENT.queueUrl];
  if (url) return url;
  throw new EnvironmentError(`${FASTA_ENVIRONMENT.queueUrl} is not set: deploy the stack again, which sets it.`);
}

/** Whether the function answers tasks of state machines, by the process's environment. */
export function answersTasks(variables: Readonly<Record<string, string | undefined>>): boolean {
  return variables[TASK_ENVIRONMENT.answersTasks] === "true";
}
