import { summarised } from "../../local/program/json.js";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram } from "../../local/program/runProgram.js";
import { DEFAULT_REGION, stackConfig } from "../../local/program/stackConfig.js";
import { resourceTree } from "../../local/program/tree.js";
import { accountOfRoles, requiredPolicies, type RequiredPolicy } from "./requiredPolicies.js";

/** Which stack is planned, and how it is printed. */
export interface PlanOptions {
  readonly stack: string;
  /** JSON instead of a tree. */
  readonly json?: boolean;
}

/**
 * Plans a stack in the region of its configuration, else of AWS_REGION, and prints it.
 *
 * @returns the exit code
 * @throws ProgramError with every fault of the configuration; StackConfigError where a file cannot be read
 */
export async function printPlan({ stack, json = false }: PlanOptions): Promise<number> {
  const config = stackConfig({ stack, region: process.env["AWS_REGION"] ?? DEFAULT_REGION });
  console.log(await planText({ stack, config, json }));
  return 0;
}

/**
 * The plan of a stack as text. Where the configuration names existing roles, the policies that they need are added.
 *
 * @param options.config namespaced configuration, see `stackConfig`
 * @param options.json JSON instead of a tree
 * @throws ProgramError with every fault of the configuration
 */
export async function planText({
  stack,
  config,
  json,
}: {
  readonly stack: string;
  readonly config: Record<string, string>;
  readonly json: boolean;
}): Promise<string> {
  const region = config["aws:region"] ?? DEFAULT_REGION;
  const handlers = plannedHandlers({ region, ...accountOfRoles(config) });
  const { resources, outputs } = await runProgram({ stack, config, handlers });
  const required = await requiredPolicies(stack, config, region);
  if (json) {
    const listed = resources.map(({ type, name, urn, inputs }) => ({ type, name, urn, inputs }));
    const plan = { config, resources: await summarised(listed), outputs };
    return JSON.stringify(required.length === 0 ? plan : { ...plan, requiredPolicies: required }, undefined, 2);
  }
  const custom = resources.filter((resource) => resource.custom).length;
  const heading = `${stack}: ${custom} resources in ${resources.length - custom} components`;
  return [heading, ...resourceTree(resources), ...required.flatMap(policyLines)].join("\n");
}

/** The policies of one existing role, as JSON to paste. */
function policyLines({ key, roleArn, trust, policy }: RequiredPolicy): string[] {
  return [
    "",
    `${key} ${roleArn}: its trust policy`,
    JSON.stringify(trust, undefined, 2),
    "",
    `${key} ${roleArn}: its permissions; * stands for what the first pulumi up generates, and for what has no name`,
    JSON.stringify(policy, undefined, 2),
  ];
}
