import { randomUUID } from "node:crypto";
import { output, runtime } from "@pulumi/pulumi";
import { encryptedKeys, projectName } from "./stackConfig.js";
import { watchRegistrations, withoutSecrecy, type PlannedResource } from "./registrations.js";

export type { PlannedResource } from "./registrations.js";

/** What stands in for the providers. */
export interface ProgramHandlers {
  /**
   * Makes one resource, after everything that it depends on.
   *
   * @param resource.id the physical id of a resource that is read or imported rather than made
   * @returns its id and all its outputs
   */
  create(resource: {
    type: string;
    name: string;
    inputs: Record<string, unknown>;
    id?: string;
  }): Promise<{ id: string; state: Record<string, unknown> }>;
  /** Answers a provider's function, such as `aws:index/getRegion:getRegion`. */
  invoke(token: string, inputs: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** The program, or what stands in for a provider, failed: every error of the run. */
export class ProgramError extends AggregateError {
  override readonly name = "ProgramError";

  constructor(errors: readonly unknown[]) {
    super(errors, errors.map((error) => (error instanceof Error ? error.message : String(error))).join("\n"));
  }
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs index.ts in this process, with handlers in the providers' stead.
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
  // Pulumi's runtime is one a process, so runs wait for one another.
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
  // Pulumi reports what fails between registrations as an unhandled rejection; after another error it follows from it.
  const collect = (error: unknown): void => {
    if (errors.length === 0) errors.push(error);
  };
  process.on("unhandledRejection", collect);
  // Pulumi takes a stack trace for each promise; mapping them to sources would take longer than the program.
  const mapped = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(false);
  try {
    await runtime.setMocks(mocksFrom(options.handlers, errors), projectName(), options.stack);
    runtime.setAllConfig(options.config, encryptedKeys(options.config));
    const resources = watchRegistrations();
    const exported = await importProgram().catch(collect);
    await runtime.disconnect();
    await new Promise((settled) => setImmediate(settled));
    if (errors.length > 0) throw new ProgramError(errors);
    return { resources, outputs: await resolve({ ...(exported as object) }) };
  } finally {
    process.setSourceMapsEnabled(mapped);
    process.off("unhandledRejection", collect);
  }
}

function importProgram(): Promise<unknown> {
  // A module runs once: the changing query makes each run a module of its own.
  const program = new URL("../../index.ts", import.meta.url);
  program.searchParams.set("run", randomUUID());
  return import(program.href);
}

/**
 * Pulumi's mocks, which swallow errors: they are collected instead. After the first one nothing more is made; the rest
 * of the program runs on echoed inputs, so that it comes to its end.
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
      if (custom === false) return { id: undefined, state: given };
      const create = (): ReturnType<ProgramHandlers["create"]> =>
        handlers.create({ type, name, inputs: given, ...(id ? { id } : {}) });
      return attempt(create, { id: name, state: given });
    },
    call: ({ token, inputs }) =>
      attempt(() => handlers.invoke(token, withoutSecrecy(inputs) as Record<string, unknown>), {}),
  };
}

function resolve(exported: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((settle) => {
    output(exported).apply(settle);
  });
}
