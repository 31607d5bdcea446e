import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram, type PlannedResource } from "../../local/program/runProgram.js";
import { stackConfig } from "../../local/program/stackConfig.js";

/** A planned stack, and ways to look into it. */
export interface PlannedStack {
  readonly resources: readonly PlannedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** All resources of a type, such as `aws:s3/bucket:Bucket`. */
  readonly all: (type: string) => readonly PlannedResource[];
  /** The only resource of a type, or the one whose name ends as given; fails where there is none or more than one. */
  readonly one: (type: string, nameEnd?: string) => PlannedResource;
  /** The component that holds a resource. */
  readonly parentOf: (resource: PlannedResource) => PlannedResource | undefined;
}

export const REGION = "eu-west-1";
export const ACCOUNT = "123456789012";

const plans = new Map<string, Promise<PlannedStack>>();

/**
 * Plans a stack, once for each configuration.
 *
 * @param stack its file is read where there is one; `default` has the project's defaults
 * @param overrides values that win over the files
 */
export function planned(stack = "default", overrides: Readonly<Record<string, string>> = {}): Promise<PlannedStack> {
  const key = JSON.stringify([stack, overrides]);
  const plan = plans.get(key) ?? planStack(stack, overrides);
  plans.set(key, plan);
  return plan;
}

async function planStack(stack: string, overrides: Readonly<Record<string, string>>): Promise<PlannedStack> {
  const config = stackConfig({ stack, overrides, region: REGION });
  const { resources, outputs } = await runProgram({ stack, config, handlers: plannedHandlers({ region: REGION }) });
  const all = (type: string): PlannedResource[] => resources.filter((resource) => resource.type === type);
  return {
    resources,
    outputs,
    all,
    one: (type, nameEnd = "") => {
      const found = all(type).filter(({ name }) => name.endsWith(nameEnd));
      const [only] = found;
      if (!only || found.length > 1) throw new Error(`${found.length} resources of type ${type} end in '${nameEnd}'.`);
      return only;
    },
    parentOf: ({ parent }) => resources.find(({ urn }) => urn === parent),
  };
}

/** The statements of a policy document, as the program wrote it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

/** Reads the statements of a policy document. */
export function statements(document: unknown): Statement[] {
  return (document as { Statement: Statement[] }).Statement;
}
