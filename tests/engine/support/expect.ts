import { expect } from "chai";
import type { Call } from "../provider/cloud.js";
import type { Deployment } from "./deployment.js";

/**
 * Asserts that the engine's state and the cloud contain the same resources, except for those retained on purpose.
 *
 * @param retained endings of the logical names of resources that may be in the cloud only
 */
export function expectStateMatchesCloud(deployment: Deployment, retained: readonly string[] = []): void {
  const inState = deployment.inState();
  const missing = inState
    .filter(({ type, id }) => !deployment.cloud.find(type, id))
    .map(({ type, name }) => `${type} ${name}`);
  expect(missing, `in the state, but not in the cloud: ${missing.join(", ")}`).to.deep.equal([]);
  const known = new Set(inState.map(({ type, id }) => `${type} ${id}`));
  const orphans = deployment.cloud
    .everything()
    // A random value is in the state only; no account has it.
    .filter(({ type }) => !type.startsWith("random:"))
    .filter(({ type, id, name }) => !known.has(`${type} ${id}`) && !retained.some((ending) => name.endsWith(ending)))
    .map(({ type, name }) => `${type} ${name}`);
  expect(orphans, `in the cloud, but not in the state: ${orphans.join(", ")}`).to.deep.equal([]);
}

/**
 * One line per call, such as `update Endpoint endpoint: endpointConfigName`.
 *
 * @param prefix the stack's resource prefix, which is removed from the names
 */
export function lines(calls: readonly Call[], prefix: string): string[] {
  return calls.map(({ operation, type, name, changed }) => {
    const kind = type.split(":").at(-1) ?? type;
    const properties = changed.length > 0 ? `: ${[...changed].sort().join(", ")}` : "";
    return `${operation} ${kind} ${name.replace(`${prefix}-`, "")}${properties}`;
  });
}

/** Asserts that some lines are in this order; other lines may be between them. */
export function expectInOrder(all: readonly string[], order: readonly string[]): void {
  expect(all.filter((line) => order.includes(line))).to.deep.equal(order);
}
