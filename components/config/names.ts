import { setCommand, type ConfigFault } from "./faults.js";

/** Longest prefix, in characters: names made from it must fit the limits of AWS (SageMaker 63, Lambda and IAM 64). */
export const LONGEST_PREFIX = 40;

/**
 * The first part of every name of a stack: `{projectName}-{stack}`, or the project's name alone if it begins with the
 * stack's name already.
 */
export function resourcePrefix(projectName: string, stack: string): string {
  return projectName === stack || projectName.startsWith(`${stack}-`) ? projectName : `${projectName}-${stack}`;
}

/**
 * Faults of the stack's name, and of the prefix that it makes with the project's name.
 *
 * @param projectName undefined if it has a fault itself
 */
export function stackFaults(projectName: string | undefined, stack: string): ConfigFault[] {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(stack)) {
    return [
      {
        key: "stack",
        value: stack,
        problem:
          "allowed are lower-case letters, digits and single hyphens, because SageMaker accepts nothing else in names",
        fix: `pulumi stack rename ${stackName(stack)}`,
      },
    ];
  }
  if (projectName === undefined) return [];
  const prefix = resourcePrefix(projectName, stack);
  if (prefix.length <= LONGEST_PREFIX) return [];
  return [
    {
      key: "projectName",
      value: projectName,
      problem: `the prefix '${prefix}' has ${prefix.length} characters, allowed are ${LONGEST_PREFIX}`,
      fix: shortening(projectName, stack),
    },
  ];
}

function shortening(projectName: string, stack: string): string {
  const room = LONGEST_PREFIX - stack.length - 1;
  return room < 1
    ? `pulumi stack rename ${stackName(stack).slice(0, 15).replace(/-+$/, "")}`
    : setCommand("projectName", projectName.slice(0, room).replace(/-+$/, ""));
}

function stackName(stack: string): string {
  return (
    stack
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "") || "dev"
  );
}
