import { expect } from "chai";
import type { Call } from "../provider/cloud.js";
import type { Deployment } from "./deployment.js";

/**
 * Asserts that state and cloud agree: all that the engine keeps is there with the inputs that it knows, and all that is
 * there is kept, but for what was left behind on purpose.
 *
 * @param leftBehind ends of the logical names of what the cloud may hold and the state not
 */
export function expectInStep(deployment: Deployment, leftBehind: readonly string[] = []): void {
  const kept = deployment.kept();
  const strays = kept
    .filter(({ type, id }) => !deployment.cloud.find(type, id))
    .map(({ type, name }) => `${type} ${name}`);
  expect(strays, "in the state, and gone from the cloud").to.deep.equal([]);
  const known = new Set(kept.map(({ type, id }) => `${type} ${id}`));
  const orphans = deployment.cloud
    .everything()
    .filter(({ type, id, name }) => !known.has(`${type} ${id}`) && !leftBehind.some((ending) => name.endsWith(ending)))
    .map(({ type, name }) => `${type} ${name}`);
  expect(orphans, "in the cloud, and not in the state").to.deep.equal([]);
}

/** One line a call: `update Endpoint protein-agent-test-endpoint: endpointConfigName`, without the stack's prefix. */
export function lines(calls: readonly Call[], prefix: string): string[] {
  return calls.map(({ operation, type, name, changed }) => {
    const kind = type.split(":").at(-1) ?? type;
    const properties = changed.length > 0 ? `: ${[...changed].sort().join(", ")}` : "";
    return `${operation} ${kind} ${name.replace(`${prefix}-`, "")}${properties}`;
  });
}

/** Asserts that some lines come in this order, whatever stands between them. */
export function expectInOrder(all: readonly string[], order: readonly string[]): void {
  expect(all.filter((line) => order.includes(line))).to.deep.equal(order);
}
