import { z } from "zod";
import { HALF_UPDATED, LEFTOVERS } from "./leftovers.js";

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().default(""),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

/** The part of `pulumi stack export` that is read. */
const exportedState = z.object({
  deployment: z.object({
    resources: z.array(resource).default([]),
    pending_operations: z.array(z.object({ type: z.string(), resource })).default([]),
  }),
});

type Resource = z.infer<typeof resource>;

/** The state has an interrupted creation of a type for which no commands are known. */
export class UnknownTypeError extends Error {
  override readonly name = "UnknownTypeError";

  constructor({ type, urn }: Resource) {
    super(
      `No commands are known for ${type}. Delete ${urn} in AWS by hand if it exists there, and then clear it from the ` +
        "state with `pulumi refresh`, which asks for each interrupted creation.",
    );
  }
}

/**
 * The commands that recover a stack whose `pulumi up` or `pulumi destroy` was killed, for a shell with the Pulumi CLI
 * and the AWS CLI v2. A resource whose creation was interrupted may exist in AWS while Pulumi does not know it: the
 * commands delete it there, and the next `pulumi up` creates it again. It is new and has
 * no data. A bucket or a repository with content is not deleted.
 *
 * Pulumi's own way, `pulumi refresh --import-pending-creates`, drops the resource from the state: tried with version
 * 3.260 of its CLI.
 *
 * @param exported what `pulumi stack export` prints, parsed
 * @returns commands in their order, and comments that start with `#`
 * @throws ZodError where the state has another form; UnknownTypeError
 * @see https://www.pulumi.com/docs/support/troubleshooting/common-issues/update-conflicts/
 */
export function recoveryCommands(stack: string, exported: unknown): string[] {
  const { resources, pending_operations: interrupted } = exportedState.parse(exported).deployment;
  return [
    `pulumi cancel --yes --stack ${stack}`,
    ...interrupted.flatMap(({ type: operation, resource: one }) => {
      if (operation === "creating" && resources.some((other) => isSame(other, one))) return [];
      const known = resources.filter(({ type }) => type === one.type).map(({ id }) => id);
      const commands = templates(operation, one).map((template) => filled(template, one, known));
      return commands.length > 0 ? [`# interrupted while ${operation}: ${one.urn}`, ...commands] : [];
    }),
    `pulumi refresh --clear-pending-creates --yes --stack ${stack}`,
  ];
}

/** Whether a later `pulumi up` created the resource after all: Pulumi keeps an interrupted creation until it is cleared. */
function isSame(other: Resource, one: Resource): boolean {
  return other.urn === one.urn && identity(one) !== undefined && identity(other) === identity(one);
}

/** What AWS tells resources of a type apart by, where the inputs have it. */
function identity({ inputs: { bucket, name, subnetId, tags } }: Resource): unknown {
  return bucket ?? name ?? subnetId ?? (Array.isArray(tags) ? (tags as unknown[])[0] : undefined);
}

function templates(operation: string, one: Resource): readonly string[] {
  if (operation === "updating") return HALF_UPDATED[one.type] ?? [];
  // A provider is in the state only.
  if (operation !== "creating" || one.type.startsWith("pulumi:")) return [];
  const commands = LEFTOVERS[one.type];
  if (!commands) throw new UnknownTypeError(one);
  return commands;
}

function filled(template: string, { inputs }: Resource, known: readonly string[]): string {
  const { tags } = inputs;
  const values: Readonly<Record<string, unknown>> = {
    ...inputs,
    ...(Array.isArray(tags) ? pushed(tags) : (tags as object | undefined)),
    unknown: known.map((id) => `!ends_with(ResourceARN, '/${id}')`).join(" && ") || "ResourceARN",
    unknownId: known.map((id) => `@ != '${id}'`).join(" && ") || "@",
  };
  return template.replaceAll(/\{(\w+)\}/g, (_match, name: string) => String(values[name]));
}

/** Repository and tag of an image; a build's `tags` have the form `registry/repository:tag`. */
function pushed([reference]: readonly unknown[]): { repository?: string; tag?: string } {
  return /^[^/]+\/(?<repository>.+):(?<tag>[^:/]+)$/.exec(String(reference))?.groups ?? {};
}
