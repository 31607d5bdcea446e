import { summarised } from "../../local/program/json.js";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram } from "../../local/program/runProgram.js";
import { DEFAULT_REGION, stackConfig } from "../../local/program/stackConfig.js";
import { resourceTree } from "../../local/program/tree.js";

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
export async function printPlan({ stack, json }: PlanOptions): Promise<number> {
  const config = stackConfig({ stack, region: process.env["AWS_REGION"] ?? DEFAULT_REGION });
  const handlers = plannedHandlers({ region: config["aws:region"] ?? DEFAULT_REGION });
  const { resources, outputs } = await runProgram({ stack, config, handlers });
  if (json) {
    const listed = resources.map(({ type, name, urn, inputs }) => ({ type, name, urn, inputs }));
    console.log(JSON.stringify({ config, resources: await summarised(listed), outputs }, undefined, 2));
    return 0;
  }
  const custom = resources.filter((resource) => resource.custom).length;
  console.log(`${stack}: ${custom} resources in ${resources.length - custom} components`);
  console.log(resourceTree(resources).join("\n"));
  return 0;
}
