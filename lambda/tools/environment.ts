import { TOOLS_ENVIRONMENT } from "../../contract/environment.js";

/** What the program told this function about its stack. */
export interface ToolsSettings {
  readonly endpointName: string;
  readonly bucketName: string;
  readonly jobTableName: string;
  readonly modelId: string;
  readonly modelRevision: string;
  /** The image's digest: weights and code in one. */
  readonly modelVersion: string;
  readonly jobRetentionDays: number;
  /** Invocations that one instance works on at a time. */
  readonly maxConcurrentInvocations: number;
}

/** The function was deployed without a variable that it needs, or with a value it cannot use. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/**
 * Reads the function's environment.
 *
 * @param variables the process's environment
 * @throws EnvironmentError naming every variable that is missing or unusable
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): ToolsSettings {
  const faults: string[] = [];
  const text = (key: keyof typeof TOOLS_ENVIRONMENT): string => {
    const name = TOOLS_ENVIRONMENT[key];
    const value = variables[name]?.trim() ?? "";
    if (value === "") faults.push(`${name} is not set`);
    return value;
  };
  const count = (key: keyof typeof TOOLS_ENVIRONMENT): number => {
    const value = text(key);
    if (value !== "" && !/^[1-9]\d*$/.test(value)) {
      faults.push(`${TOOLS_ENVIRONMENT[key]} is '${value}', not a whole number of at least 1`);
    }
    return Number(value);
  };
  const settings = {
    endpointName: text("endpointName"),
    bucketName: text("bucketName"),
    jobTableName: text("jobTableName"),
    modelId: text("modelId"),
    modelRevision: text("modelRevision"),
    modelVersion: text("modelVersion"),
    jobRetentionDays: count("jobRetentionDays"),
    maxConcurrentInvocations: count("maxConcurrentInvocations"),
  };
  if (faults.length > 0) {
    throw new EnvironmentError(`${faults.join("; ")}: deploy the function with the program, which sets them all.`);
  }
  return settings;
}
