import { plannedHandlers } from "../program/plannedOutputs.js";
import { isRemote, runProgram } from "../program/runProgram.js";
import { ACCOUNT } from "./account.js";
import { isEmulated, RESOURCES } from "./resources/table.js";
import type { TwinServices } from "./resources/types.js";
import { twinConfig } from "./twinConfig.js";

/** The result of deploying the program. */
export interface Deployment {
  readonly outputs: Record<string, unknown>;
  /** Pulumi types that the twin emulates, in the order of their first resource. */
  readonly emulated: readonly string[];
  /** Pulumi types that the program registers and the twin does not emulate. */
  readonly notEmulated: readonly string[];
  /** Number of resources that the program registers, without components. */
  readonly count: number;
}

/**
 * Runs index.ts and creates in the twin the resources that it registers.
 *
 * A resource that the twin does not emulate only gets the id and outputs that AWS would give it.
 *
 * @param options.config configuration that overrides the stack's own
 * @param options.onResource called after each resource
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
    config: twinConfig(stack, options.config),
    handlers: {
      invoke: (token, inputs) => planned.invoke(token, inputs),
      create: async (resource) => {
        const { id, state } = await planned.create(resource);
        const different = await RESOURCES[resource.type]?.({ id, state }, services);
        onResource(resource.type, resource.name);
        return { id, state: { ...state, ...different } };
      },
    },
  });
  const created = resources.filter(({ custom, type }) => custom || isRemote(type));
  const types = [...new Set(created.map(({ type }) => type))];
  return {
    outputs,
    emulated: types.filter(isEmulated),
    notEmulated: types.filter((type) => !isEmulated(type)),
    count: resources.filter(({ custom }) => custom).length,
  };
}
