import { parseArgs } from "node:util";
import { plannedHandlers } from "../local/program/plannedOutputs.js";
import { ProgramError, runProgram } from "../local/program/runProgram.js";
import { DEFAULT_REGION, stackConfig, StackConfigError } from "../local/program/stackConfig.js";
import { summarised } from "../local/program/json.js";
import { resourceTree } from "../local/program/tree.js";

const USAGE = "Usage: npm run plan [-- --stack NAME --json]";

/** Prints the resources that a stack's configuration plans: a tree, or JSON with `--json`. */
async function plan(): Promise<void> {
  const { stack, json } = parseArgs({
    options: { stack: { type: "string", default: "default" }, json: { type: "boolean", default: false } },
  }).values;
  const config = stackConfig({ stack, region: process.env["AWS_REGION"] ?? DEFAULT_REGION });
  const handlers = plannedHandlers({ region: config["aws:region"] ?? DEFAULT_REGION });
  const { resources, outputs } = await runProgram({ stack, config, handlers });
  if (json) {
    const listed = resources.map(({ type, name, urn, inputs }) => ({ type, name, urn, inputs }));
    process.stdout.write(`${JSON.stringify({ config, resources: await summarised(listed), outputs }, undefined, 2)}\n`);
    return;
  }
  const made = resources.filter(({ custom }) => custom).length;
  const lines = [`${stack}: ${made} resources in ${resources.length - made} components`, ...resourceTree(resources)];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

try {
  await plan();
} catch (error) {
  if (isUsageError(error)) process.stderr.write(`${error.message}\n${USAGE}\n`);
  else if (error instanceof ProgramError || error instanceof StackConfigError)
    process.stderr.write(`${error.message}\n`);
  else throw error;
  process.exitCode = 1;
}
