import type { PlannedResource } from "../../../local/program/runProgram.js";
import { findingsOf, type Finding } from "../finding.js";
import { OWNERS, type NameClients, type Owner } from "./owners.js";

/** A name that the program gives, rather than Pulumi, and the tags that it gives with it. */
interface Taken {
  readonly kind: Owner["kind"];
  readonly name: string;
  /** Undefined where the name is free. */
  readonly tags: Readonly<Record<string, string>> | "unseen" | undefined;
}

/**
 * Looks at whether the names that the program fixes are free: what stands there already makes an `up` fail in its
 * middle, or is overwritten. What carries the stack's own tags is its own, from an earlier `up`.
 *
 * @param resources the planned resources of the stack
 * @param expected tags that the stack gives to everything
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
  const standing = taken.filter(({ tags }) => tags !== undefined);
  const own = standing.filter(isOwn);
  // A dashboard has no tags: beside what is the stack's own, it is the stack's too.
  const foreign = standing.filter((one) => !own.includes(one) && !(one.tags === "unseen" && own.length > 0));
  if (foreign.length > 0) {
    return foreign.map(({ kind, name }) =>
      bad(
        "fault",
        `The ${kind} '${name}' exists and is not this stack's.`,
        "pulumi config set projectName OTHER, or another stack's name; or delete it where nobody needs it.",
      ),
    );
  }
  const free = `${fixed.length - standing.length} of ${fixed.length} fixed names are free`;
  return [ok(standing.length === 0 ? `${free}.` : `${free}, the others are this stack's, from an earlier up.`)];
}

function fixedName({ type, inputs }: PlannedResource): { owner: Owner; name: string }[] {
  const owner = OWNERS[type];
  const name = owner && inputs[owner.property];
  return owner && typeof name === "string" && name !== "" ? [{ owner, name }] : [];
}

async function lookUp(owner: Owner, name: string, clients: NameClients): Promise<Taken> {
  return { kind: owner.kind, name, tags: await owner.tagsOf(name, clients) };
}
