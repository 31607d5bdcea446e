import { runtime } from "@pulumi/pulumi";
import { plannedHandlers } from "../program/plannedOutputs.js";
import { runProgram } from "../program/runProgram.js";
import { stackConfig } from "../program/stackConfig.js";
import { ACCOUNT } from "./account.js";
import { RESOURCES } from "./resources/table.js";
import type { TwinServices } from "./resources/types.js";

/** What came of deploying the program. */
export interface Deployment {
  readonly outputs: Record<string, unknown>;
  /** Types that the twin created, in the order of their first resource. */
  readonly emulated: readonly string[];
  /** Types that the program registered and the twin only took note of. */
  readonly notEmulated: readonly string[];
  /** Resources that the program registered, components aside. */
  readonly count: number;
}

/**
 * Runs index.ts as it is, and creates in the twin what it registers.
 *
 * Whatever the twin does not emulate gets the id and outputs that AWS would give it, so that the program goes on.
 *
 * @param options.config configuration beyond the stack's own
 * @param options.onResource called as each resource has been dealt with
 * @throws ProgramError with every error of the configuration, the program and the twin
 */
export async function deploy(options: {
  stack: string;
  config: Readonly<Record<string, string>>;
  services: TwinServices;
  onResource: (type: string, name: string) => void;
}): Promise<Deployment> {
  const { stack, services, onResource } = options;
  const planned = plannedHandlers({ region: ACCOUNT.region, account: ACCOUNT.id });
  const { resources, outputs } = await runProgram({
    stack,
    config: stackConfig({ stack, overrides: { ...options.config, "aws:region": ACCOUNT.region } }),
    handlers: {
      invoke: (token, inputs) => planned.invoke(token, inputs),
      create: async (resource) => {
        const made = await planned.create({ ...resource, inputs: withoutSecrecy(resource.inputs) });
        const different = await RESOURCES[resource.type]?.(made, services);
        onResource(resource.type, resource.name);
        return { id: made.id, state: { ...made.state, ...different } };
      },
    },
  });
  const types = [...new Set(resources.filter(({ custom }) => custom).map(({ type }) => type))];
  return {
    outputs,
    emulated: types.filter((type) => type in RESOURCES),
    notEmulated: types.filter((type) => !(type in RESOURCES)),
    count: resources.filter(({ custom }) => custom).length,
  };
}

/** Providers see secrets as plain values; Pulumi hands them to mocks still wrapped. */
function withoutSecrecy(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      runtime.isRpcSecret(value) ? (runtime.unwrapRpcSecret(value) as unknown) : value,
    ]),
  );
}
