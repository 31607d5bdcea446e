import { randomUUID } from "node:crypto";
import { output, runtime } from "@pulumi/pulumi";
import { encryptedKeys, projectName } from "./stackConfig.js";
import { watchRegistrations, withoutSecrecy, type PlannedResource } from "./registrations.js";

export type { PlannedResource } from "./registrations.js";

/** Functions that take the place of the providers. */
export interface ProgramHandlers {
  /**
   * Creates one resource, after all resources that it depends on.
   *
   * @param resource.id the physical id, if the resource is read or imported
   * @returns its id and all its outputs
   */
  create(resource: {
    type: string;
    name: string;
    inputs: Record<string, unknown>;
    id?: string;
  }): Promise<{ id: string; state: Record<string, unknown> }>;
  /** Calls a function of a provider, such as `aws:index/getRegion:getRegion`. */
  invoke(token: string, inputs: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** The program or a handler failed; holds every error of the run. */
export class ProgramError extends AggregateError {
  override readonly name = "ProgramError";

  constructor(errors: readonly unknown[]) {
    super(errors, errors.map((error) => (error instanceof Error ? error.message : String(error))).join("\n"));
  }
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs index.ts in this process, with handlers instead of providers.
 *
 * @param options.stack name of the stack
 * @param options.config namespaced configuration, see `stackConfig`
 * @returns the resources in the order in which they were registered, and the program's exports
 * @throws ProgramError with every error of the configuration, the program and the handlers
 */
export function runProgram(options: {
  stack: string;
  config: Record<string, string>;
  handlers: ProgramHandlers;
}): Promise<{ resources: PlannedResource[]; outputs: Record<string, unknown> }> {
  // A process has one Pulumi runtime, so each run waits for the previous one.
  const run = last.then(() => runAlone(options));
  last = run.catch(() => undefined);
  return run;
}

async function runAlone(options: {
  stack: string;
  config: Record<string, string>;
  handlers: ProgramHandlers;
}): Promise<{ resources: PlannedResource[]; outputs: Record<string, unknown> }> {
  const errors: unknown[] = [];
  // An error between registrations arrives as an unhandled rejection. Later ones are only consequences of the first.
  const collect = (error: unknown): void => {
    if (errors.length === 0) errors.push(error);
  };
  process.on("unhandledRejection", collect);
  const restoreSourceMaps = withoutSourceMaps();
  try {
    await runtime.setMocks(mocksFrom(options.handlers, errors), projectName(), options.stack);
    runtime.setAllConfig(options.config, encryptedKeys(options.config));
    const resources = watchRegistrations();
    const exported = await importProgram().catch(collect);
    await runtime.disconnect();
    await new Promise((settled) => setImmediate(settled));
    if (errors.length > 0) throw new ProgramError(errors);
    return { resources, outputs: await resolve({ ...exported }) };
  } finally {
    restoreSourceMaps();
    process.off("unhandledRejection", collect);
  }
}

/**
 * Turns source maps off while a program runs. Pulumi takes a stack trace for each promise; mapping those to source lines
 * takes longer than the program itself.
 *
 * @returns what sets source maps as they were
 */
export function withoutSourceMaps(): () => void {
  const mapped = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(false);
  return () => {
    process.setSourceMapsEnabled(mapped);
  };
}

/**
 * Runs index.ts in this process, once more at every call.
 *
 * @returns its exports, except those that are undefined: Pulumi leaves these out of the outputs of a stack
 */
export async function importProgram(): Promise<Record<string, unknown>> {
  // A module runs once: the changing query makes each run a module of its own.
  const program = new URL("../../index.ts", import.meta.url);
  program.searchParams.set("run", randomUUID());
  const exported = (await import(program.href)) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(exported).filter(([, value]) => value !== undefined));
}

/**
 * Pulumi's mocks lose errors, so they are collected here. After the first error no more resources are created; the rest
 * of the program receives its inputs as outputs, so that it runs to its end.
 */
function mocksFrom(handlers: ProgramHandlers, errors: unknown[]): runtime.Mocks {
  const attempt = async <Answer>(handle: () => Promise<Answer>, instead: Answer): Promise<Answer> => {
    if (errors.length > 0) return instead;
    try {
      return await handle();
    } catch (error) {
      errors.push(error);
      return instead;
    }
  };
  return {
    newResource: async ({ type, name, inputs, id, custom }) => {
      const given = withoutSecrecy(inputs) as Record<string, unknown>;
      if (custom === false && !isRemote(type)) return { id: undefined, state: given };
      const create = (): ReturnType<ProgramHandlers["create"]> =>
        handlers.create({ type, name, inputs: given, ...(id ? { id } : {}) });
      return attempt(create, { id: name, state: given });
    },
    call: ({ token, inputs }) =>
      attempt(() => handlers.invoke(token, withoutSecrecy(inputs) as Record<string, unknown>), {}),
  };
}

/** Whether a component is built by a provider, which gives its outputs, and not by the program. */
export function isRemote(type: string): boolean {
  return type.startsWith("awsx:");
}

function resolve(exported: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((settle) => {
    output(exported).apply(settle);
  });
}
