import type { PlannedResource } from "../../../local/program/runProgram.js";
import { findingsOf, type Finding } from "../finding.js";
import { OWNERS, type NameClients, type Owner } from "./owners.js";

/** A name that the program sets itself, and the tags of the resource that has it. */
interface Taken {
  readonly kind: Owner["kind"];
  readonly name: string;
  /** Undefined where the name is free. */
  readonly tags: Readonly<Record<string, string>> | "unseen" | undefined;
}

/**
 * Checks that the names that the program sets are free: an existing resource of that name makes a `pulumi up` fail
 * halfway, or is overwritten. A resource with the stack's own tags comes from an earlier `pulumi up` and is no fault.
 *
 * @param resources the planned resources of the stack
 * @param expected tags that the stack sets on every resource
 */
export async function names(
  clients: NameClients,
  resources: readonly PlannedResource[],
  expected: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("names free");
  const fixed = resources.flatMap(fixedName);
  const taken = await Promise.all(fixed.map(({ owner, name }) => lookUp(owner, name, clients)));
  const isOwn = ({ tags }: Taken): boolean =>
    typeof tags === "object" && Object.entries(expected).every(([key, value]) => tags[key] === value);
  const existing = taken.filter(({ tags }) => tags !== undefined);
  const own = existing.filter(isOwn);
  // A dashboard has no tags: where other resources are the stack's, it is taken for the stack's too.
  const foreign = existing.filter((one) => !own.includes(one) && !(one.tags === "unseen" && own.length > 0));
  if (foreign.length > 0) {
    return foreign.map(({ kind, name }) =>
      bad(
        "fault",
        `The ${kind} '${name}' exists and is not this stack's.`,
        "pulumi config set projectName OTHER, or another stack's name; or delete it if nobody needs it.",
      ),
    );
  }
  const free = `${fixed.length - existing.length} of ${fixed.length} fixed names are free`;
  return [ok(existing.length === 0 ? `${free}.` : `${free}, the others are this stack's, from an earlier pulumi up.`)];
}

function fixedName({ type, inputs }: PlannedResource): { owner: Owner; name: string }[] {
  const owner = OWNERS[type];
  const name = owner && inputs[owner.property];
  return owner && typeof name === "string" && name !== "" ? [{ owner, name }] : [];
}

async function lookUp(owner: Owner, name: string, clients: NameClients): Promise<Taken> {
  return { kind: owner.kind, name, tags: await owner.tagsOf(name, clients) };
}
