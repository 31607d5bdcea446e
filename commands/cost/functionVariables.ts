import type { PlannedResource } from "../../local/program/runProgram.js";

/** The environment variables of each function of a plan. */
export function functionVariables(resources: readonly PlannedResource[]): Readonly<Record<string, string>>[] {
  return resources.flatMap(({ inputs }) => {
    const environment = inputs["environment"] as { readonly variables?: Readonly<Record<string, string>> } | undefined;
    return environment?.variables ? [environment.variables] : [];
  });
}
