import { Output, recover } from "@pulumi/pulumi";
import { LocalWorkspace, PulumiCommand, type EngineEvent, type Stack } from "@pulumi/pulumi/automation/index.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import { importProgram } from "../../../local/program/runProgram.js";
import { projectName } from "../../../local/program/stackConfig.js";

/** Options of the clients with which the SDK calls the CLI. The types of the SDK leave them out. */
export const { grpcClientOptions } = settings as unknown as { grpcClientOptions: Record<string, unknown> };

// By default the clients of a process share connections by address. A CLI that listens on the port of one that has
// ended would be taken for that one: "UNAVAILABLE: No connection established. Last error: null".
grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;

/** The CLI on the PATH; looking for it anew starts it once more for each stack. */
let cli: Promise<PulumiCommand> | undefined;

/** Where the CLI runs, and with which environment. */
export interface Surroundings {
  readonly workDir: string;
  readonly pulumiHome: string;
  readonly envVars: Record<string, string>;
}

/** Selects or creates a stack; its program is index.ts, run in this process. */
export async function openStack(stackName: string, surroundings: Surroundings): Promise<Stack> {
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName: projectName(), program },
    { ...surroundings, pulumiCommand: await (cli ??= PulumiCommand.get({ skipVersionCheck: true })) },
  );
  // After each command the SDK starts the CLI three times more, for the outputs and the history, which take a quarter
  // of its time. Tests ask for the outputs where they need them, see `stackOutputs`.
  stack.outputs = () => Promise.resolve({});
  stack.info = () => Promise.resolve(undefined);
  return stack;
}

/**
 * Runs index.ts. The SDK awaits the outputs one by one, so that Node.js warns of those that a failure rejects meanwhile:
 * `recover` gives each a handler, and the SDK still reports the failure.
 */
async function program(): Promise<Record<string, unknown>> {
  const outputs = await importProgram();
  for (const value of Object.values(outputs)) if (Output.isInstance(value)) recover(value, () => undefined);
  return outputs;
}

/** The stack's outputs after the last `up`. */
export async function stackOutputs({ name, workspace }: Stack): Promise<Record<string, unknown>> {
  const outputs = await workspace.stackOutputs(name);
  return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown]));
}

export type { EngineEvent, Stack };
