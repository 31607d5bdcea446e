import type { PlannedResource } from "./runProgram.js";

/**
 * Draws planned resources as a tree by parent, each as `type name`.
 *
 * @param resources in the order of registration
 * @returns one line for each resource
 */
export function resourceTree(resources: readonly PlannedResource[]): string[] {
  const known = new Set(resources.map(({ urn }) => urn));
  const tops = resources.filter(({ parent }) => parent === undefined || !known.has(parent));
  return branch(tops, "", (parent) => resources.filter((resource) => resource.parent === parent.urn));
}

function branch(
  resources: readonly PlannedResource[],
  indent: string,
  childrenOf: (parent: PlannedResource) => readonly PlannedResource[],
): string[] {
  return resources.flatMap((resource, index) => {
    const isLast = index === resources.length - 1;
    const line = `${indent}${isLast ? "└─ " : "├─ "}${shortType(resource.type)}  ${resource.name}`;
    return [line, ...branch(childrenOf(resource), indent + (isLast ? "   " : "│  "), childrenOf)];
  });
}

/** `aws:s3/bucket:Bucket` as `aws:s3:Bucket`, `amplify-vep:index:JobLedger` as `JobLedger`. */
function shortType(type: string): string {
  const [provider = "", module = "", name = ""] = type.split(":");
  return provider === "amplify-vep" ? name : `${provider}:${module.split("/")[0] ?? ""}:${name}`;
}
