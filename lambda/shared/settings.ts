import * as z from "zod";
import {
  FASTA_ENVIRONMENT,
  BUDGET_ENVIRONMENT,
  JOB_ENVIRONMENT,
  MODELS_ENVIRONMENT,
  TASK_ENVIRONMENT,
} from "../../contract/environment.js";
import { MODEL_B_MODES, servedVersion } from "../../contract/models.js";
import type { VersionSettings } from "./modelVersions.js";

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
export type JobSettings = Readonly<z.infer<typeof settingsSchema>> & {
  /** Present on a stack with several model versions; the settings above are those of `base` then. */
  readonly models?: VersionSettings;
  /** The version that these settings are of; set by `forVersion`. */
  readonly versionName?: string;
  /** Whether new jobs are refused while the budget of the month is used up. */
  readonly costGuard: boolean;
};

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
  const models = readVersions(variables);
  const costGuard = variables[BUDGET_ENVIRONMENT.costGuard] === "true";
  if (read.success) return { ...read.data, costGuard, ...(models && { models }) };
  const faults = read.error.issues.map(({ path, message }) => {
    const [key] = path as [keyof typeof JOB_ENVIRONMENT];
    return `${JOB_ENVIRONMENT[key]} ${message}`;
  });
  throw new EnvironmentError(`${faults.join("; ")}: deploy the stack again, which sets every variable.`);
}

/**
 * The versions of the model; undefined on a stack with one.
 *
 * @throws EnvironmentError if a variable cannot be used
 */
export function readVersions(variables: Readonly<Record<string, string | undefined>>): VersionSettings | undefined {
  const { versions, pointer, modelB, modelBShare, modelBMode } = MODELS_ENVIRONMENT;
  const list = variables[versions];
  if (!list) return undefined;
  const read = versionSettings.safeParse({
    versions: parsedJson(list),
    pointer: variables[pointer],
    ...(variables[modelB] && {
      modelB: { name: variables[modelB], share: Number(variables[modelBShare]), mode: variables[modelBMode] },
    }),
  });
  if (read.success) return read.data;
  throw new EnvironmentError(
    `${versions}, ${pointer} or ${modelB} cannot be used: deploy the stack again, which sets every variable.`,
  );
}

/** The value of JSON in a variable; undefined, which schemas refuse, for anything else. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const versionSettings = z.object({
  versions: z.array(servedVersion).min(1).readonly(),
  pointer: text,
  modelB: z.object({ name: text, share: z.number().min(0).max(100), mode: z.enum(MODEL_B_MODES) }).exactOptional(),
});

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

/**
 * The values of variables that a function needs.
 *
 * @param names the variables by the names of their values
 * @param variables the process's environment
 * @throws EnvironmentError with the name of every variable that is not set
 */
export function requiredVariables<Name extends string>(
  names: Readonly<Record<Name, string>>,
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<Name, string>> {
  const missing = Object.values<string>(names).filter((variable) => !variables[variable]);
  if (missing.length > 0) {
    throw new EnvironmentError(`${missing.join(", ")} not set: deploy the stack again, which sets every variable.`);
  }
  const entries = Object.entries<string>(names).map(([name, variable]) => [name, variables[variable]]);
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** Whether the function answers tasks of state machines, by the process's environment. */
export function answersTasks(variables: Readonly<Record<string, string | undefined>>): boolean {
  return variables[TASK_ENVIRONMENT.answersTasks] === "true";
}
