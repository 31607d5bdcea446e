import type { Subject } from "../../policy/rule.js";
import { accountOfRoles } from "../plan/requiredPolicies.js";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram, type PlannedResource, type ProgramHandlers } from "../../local/program/runProgram.js";

/** The planned resources of a stack. */
export interface PlannedStack {
  readonly resources: readonly PlannedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The same resources as policies see them, with the outputs that a provider computes. */
  readonly subjects: readonly Subject[];
}

/**
 * Plans a stack, without AWS.
 *
 * @param config namespaced configuration, see `stackConfig`
 * @throws ProgramError with every fault of the configuration
 */
export async function planStack(stack: string, config: Record<string, string>, region: string): Promise<PlannedStack> {
  const states = new Map<string, Record<string, unknown>>();
  const planned = plannedHandlers({ region, ...accountOfRoles(config) });
  const handlers: ProgramHandlers = {
    ...planned,
    create: async (resource) => {
      const made = await planned.create(resource);
      states.set(keyOf(resource), { ...made.state, id: made.id });
      return made;
    },
  };
  const { resources, outputs } = await runProgram({ stack, config, handlers });
  const subjects = resources
    .filter(({ custom }) => custom)
    .map(({ type, name, urn, inputs }) => ({
      type,
      name,
      urn,
      // Every value of a plan is known, so rules compare resources by value.
      props: { ...states.get(keyOf({ type, name })), ...inputs },
      references: {},
    }));
  return { resources, outputs, subjects };
}

function keyOf({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${type}::${name}`;
}
