import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import chalk from "chalk";
import { brakeState, type BrakeAction, type BrakeState } from "../../contract/brake.js";
import { UsageError } from "../command.js";
import { withTarget, type TargetOptions } from "./target.js";

export interface BrakeOptions extends TargetOptions {
  readonly json?: boolean;
}

/** Ends of the names of the functions of tools and brake. */
const TOOLS_END = /-async-endpoint-lambda$/;
const BRAKE_END = "-brake";

/**
 * Calls the function of the brake, and prints its state.
 *
 * @returns the exit code
 * @throws UsageError where the stack has no brake
 */
export async function runBrake(action: BrakeAction, options: BrakeOptions): Promise<number> {
  const state = await withTarget(options, ({ clientConfig, functionName }) =>
    callBrake(new LambdaClient(clientConfig), brakeFunctionOf(functionName), action),
  );
  console.log(options.json ? JSON.stringify(state, undefined, 2) : brakeText(state));
  return 0;
}

/**
 * The function of the brake of a stack.
 *
 * @param toolsFunction name or ARN of the tools' function
 * @throws UsageError for a function of another name
 */
export function brakeFunctionOf(toolsFunction: string): string {
  if (TOOLS_END.test(toolsFunction)) return toolsFunction.replace(TOOLS_END, BRAKE_END);
  throw new UsageError(`'${toolsFunction}' is not the tools' function of a stack: use --stack.`);
}

/**
 * Asks the function of the brake for something.
 *
 * @throws UsageError where the stack has none; Error where it fails
 */
export async function callBrake(lambda: LambdaClient, name: string, action: BrakeAction): Promise<BrakeState> {
  const invoke = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ action }) });
  const { Payload, FunctionError } = await lambda.send(invoke).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
    throw new UsageError("the stack has no brake: it has one with the key monthlyBudgetUsd.");
  });
  const text = Payload?.transformToString() ?? "";
  if (FunctionError !== undefined) throw new Error(`The function of the brake failed: ${text}`);
  return brakeState.parse(JSON.parse(text));
}

/** The state of the brake as text. */
export function brakeText(state: BrakeState): string {
  const { on, changed_at: at, reason, versions } = state;
  const since = at === "" ? "never changed" : `since ${at}: ${reason}`;
  const word = on ? chalk.red("on") : chalk.green("off");
  return [
    `The brake is ${word} (${since}).`,
    on ? "No new job is taken; results are still answered. vep brake release releases it." : "Jobs are taken.",
    ...(versions?.map((version) => `Model version ${version.name} has ${capacities(version)}.`) ?? [
      `The endpoint has ${capacities(state)}.`,
    ]),
  ].join("\n");
}

function capacities({
  min_capacity: min,
  max_capacity: max,
}: Pick<BrakeState, "min_capacity" | "max_capacity">): string {
  return `${min === max ? String(min) : `${min} to ${max}`} instance(s)`;
}
