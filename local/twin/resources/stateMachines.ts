import { randomUUID } from "node:crypto";
import { CreateStateMachineCommand, StartExecutionCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { nested, required, text } from "./properties.js";
import type { CreateTable, Timer } from "./types.js";

/** State machines, which the emulator executes, and the schedules that start them. */
export const stateMachineResources: CreateTable = {
  "aws:scheduler/schedule:Schedule": ({ id, state }, { timers }) => {
    const target = nested(state, "target");
    timers.set(id, { stateMachineArn: required(target, "arn"), input: text(target, "input") ?? "{}" });
    return Promise.resolve({});
  },
  "aws:sfn/stateMachine:StateMachine": async ({ id, state }, { aws }) => {
    const { stateMachineArn } = await aws.sfn.send(
      new CreateStateMachineCommand({
        name: id,
        definition: required(state, "definition"),
        roleArn: required(state, "roleArn"),
        type: "STANDARD",
      }),
    );
    return { arn: stateMachineArn };
  },
};

/**
 * Starts what a schedule starts.
 *
 * @returns the ARN of the execution
 * @throws RangeError if the program has no schedule of this name
 */
export async function fireTimer(
  name: string,
  timers: ReadonlyMap<string, Timer>,
  { sfn }: { readonly sfn: SFNClient },
): Promise<string> {
  const timer = timers.get(name);
  if (!timer) throw new RangeError(`The program has no schedule ${name}.`);
  const { executionArn = "" } = await sfn.send(new StartExecutionCommand({ ...timer, name: randomUUID() }));
  return executionArn;
}
