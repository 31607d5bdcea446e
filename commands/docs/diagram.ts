import type { PlannedResource } from "../../local/program/runProgram.js";

/**
 * The components of a planned stack as a Mermaid flowchart: the resources of each, and an arrow from each component to
 * those on which its resources depend.
 */
export function componentDiagram(resources: readonly PlannedResource[]): string {
  const components = resources.filter(({ custom }) => !custom);
  const nodes = components.map((component) => {
    const held = resources.filter(({ parent }) => parent === component.urn);
    return `  ${idOf(component)}["${idOf(component)}<br/>${contents(held)}"]`;
  });
  return ["```mermaid", "flowchart TB", ...nodes, ...arrows(resources, components), "```"].join("\n");
}

function arrows(resources: readonly PlannedResource[], components: readonly PlannedResource[]): string[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const componentOf = (urn: string): PlannedResource | undefined => {
    const parent = byUrn.get(urn)?.parent;
    return parent === undefined ? undefined : byUrn.get(parent);
  };
  const found = resources.flatMap(({ urn, options }) => {
    const from = componentOf(urn);
    return options.dependsOn.flatMap((needed) => {
      const to = componentOf(needed);
      return from && to && from !== to ? [`  ${idOf(from)} --> ${idOf(to)}`] : [];
    });
  });
  const order = components.map(idOf);
  const place = (arrow: string): number => order.findIndex((id) => arrow.startsWith(`  ${id} `));
  return [...new Set(found)].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

/** The types of a component's resources: `Bucket ×2, Table`. */
function contents(held: readonly PlannedResource[]): string {
  const counts = new Map<string, number>();
  for (const { type } of held) {
    const name = type.split(":").at(-1) ?? type;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return names.map(([name, count]) => (count > 1 ? `${name} ×${count}` : name)).join("<br/>");
}

function idOf({ type }: PlannedResource): string {
  return type.split(":").at(-1) ?? type;
}
