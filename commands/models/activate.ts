import { MAX_REASON_LENGTH, POINTER_CACHE_SECONDS, type ActivePointer } from "../../contract/models.js";
import { UsageError } from "../command.js";
import {
  alarmFaults,
  endpointFacts,
  figureFaults,
  servingFaults,
  type EndpointFacts,
  type GuardClients,
} from "./activationGuard.js";
import type { DeployedVersion, ModelRegistry } from "./modelRegistry.js";

/** Time from a queued request to a running GPU instance, if there is none, in minutes (643 s were measured). */
const COLD_START_MINUTES = 11;

/** What `activate` and `rollback` work with. */
export interface ActivationServices {
  readonly registry: ModelRegistry;
  readonly clients: GuardClients;
  /** Who acts: the ARN of the caller. */
  readonly by: () => Promise<string>;
  readonly now: () => Date;
}

export interface ActivationOptions {
  readonly reason?: string | undefined;
  /** Whether refusals are recorded instead of obeyed. */
  readonly force?: boolean | undefined;
  readonly margin: number;
}

/** The pointer after a change, and what the operator should know. */
export interface Activation {
  readonly pointer: ActivePointer;
  readonly notes: readonly string[];
}

/** The guard refused an activation. */
export class ActivationRefusedError extends Error {
  override readonly name = "ActivationRefusedError";
}

/**
 * Makes a version the one that answers submissions. Jobs in flight end under their own version.
 *
 * @throws UsageError if there is no such version; ActivationRefusedError with every reason against it
 */
export async function activate(
  name: string,
  services: ActivationServices,
  options: ActivationOptions,
): Promise<Activation> {
  const { registry, clients } = services;
  const version = await registry.version(name);
  const pointer = await registry.pointer();
  if (pointer?.version === name) return { pointer, notes: [`${name} is active already; nothing was changed.`] };
  const facts = await endpointFacts(version.endpoint, clients);
  const active = (await registry.versions()).find((one) => one.name === pointer?.version);
  const faults = [
    ...(await servingFaults(version, facts, clients)),
    ...(await alarmFaults(version, clients)),
    ...(active ? figureFaults(version, active, options.margin) : []),
  ];
  return change(version, facts, pointer, faults, services, options);
}

/**
 * Makes the version before the active one again.
 *
 * @throws UsageError if there is none; ActivationRefusedError if its endpoint cannot serve
 */
export async function rollback(services: ActivationServices, options: ActivationOptions): Promise<Activation> {
  const { registry, clients } = services;
  const pointer = await registry.pointer();
  if (pointer?.previous == null) {
    const reason = pointer === undefined ? "the pointer cannot be read" : "the pointer was never changed";
    throw new UsageError(`there is no version to roll back to: ${reason}. See: vep models list`);
  }
  const version = await registry.version(pointer.previous);
  const facts = await endpointFacts(version.endpoint, clients);
  const faults = await servingFaults(version, facts, clients);
  return change(version, facts, pointer, faults, services, { ...options, reason: options.reason ?? "rollback" });
}

async function change(
  version: DeployedVersion,
  facts: EndpointFacts,
  before: ActivePointer | undefined,
  faults: readonly string[],
  { registry, by, now }: ActivationServices,
  { reason, force = false }: ActivationOptions,
): Promise<Activation> {
  if (faults.length > 0 && !force) {
    const list = faults.map((fault) => `- ${fault}`).join("\n");
    throw new ActivationRefusedError(
      `${version.name} was not activated, and nothing was changed:\n${list}\n--force with --reason activates it nevertheless, and records both.`,
    );
  }
  if (faults.length > 0 && reason === undefined) {
    throw new UsageError("option '--force' needs --reason: what the guard refused is recorded with it.");
  }
  const pointer: ActivePointer = {
    version: version.name,
    previous: before?.version ?? null,
    changed_at: now().toISOString(),
    by: await by(),
    reason: reason?.slice(0, MAX_REASON_LENGTH) ?? null,
    // A parameter has at most 4 kB.
    forced: faults.slice(0, 5).map((fault) => fault.slice(0, MAX_REASON_LENGTH)),
  };
  await registry.point(pointer);
  return { pointer, notes: notesOf(version, facts, before) };
}

function notesOf(version: DeployedVersion, facts: EndpointFacts, before: ActivePointer | undefined): string[] {
  const from = before === undefined ? "" : ` instead of ${before.version}`;
  const notes = [
    `${version.name} answers new submissions${from} within ${POINTER_CACHE_SECONDS} s. Jobs in flight end under their own version.`,
  ];
  if (facts.instances === 0) {
    notes.push(
      `Its endpoint has no instance: the first result takes about ${COLD_START_MINUTES} minutes longer. ` +
        "minCapacity 1 in its entry of models keeps one ready.",
    );
  }
  return notes;
}
