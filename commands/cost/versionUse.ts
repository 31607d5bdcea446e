import { gpuInstance } from "../../components/shared/gpuInstances.js";
import { hourlyUsd } from "../../components/shared/hourlyPrices.js";
import { MODELS_ENVIRONMENT } from "../../contract/environment.js";
import { BASE_VERSION } from "../../contract/models.js";
import { readVersions } from "../../lambda/shared/settings.js";
import type { PlannedResource } from "../../local/program/runProgram.js";
import { UsageError } from "../command.js";
import { ASSUMPTIONS } from "../simulate/assumptions.js";
import { endpointModel } from "../simulate/comparePolicies.js";
import { endpointConfigurations, ofBase, plannedScaling } from "../simulate/plannedScaling.js";
import { simulateEndpoint } from "../simulate/simulateEndpoint.js";
import { traceOn } from "../simulate/traces.js";
import { functionVariables } from "./functionVariables.js";
import { loadTrace, MONTH_HOURS, monthlyProteins, type Load } from "./load.js";

/** Which instances are billed, where they are not those of the plan and the bundled prices. */
export interface InstanceChoice {
  /** Type of the instances of `base`. Default: that of the plan. */
  readonly instanceType?: string;
  /** Price of an hour of a type; undefined for one that it does not have. Default: the bundled one. */
  readonly usdPerHour?: (instanceType: string) => number | undefined;
  /** The active model version, which gets all that another one does not. Default: `base`. */
  readonly active?: string | undefined;
}

/** The jobs and the instances of one model version. */
export interface VersionUse {
  readonly name: string;
  /** Name of its endpoint configuration. */
  readonly config: string;
  readonly endpointName: string;
  readonly instanceType: string;
  /** Part of the proteins that it scores, 0 to 1. */
  readonly share: number;
  /** Whether callers wait for its jobs: not for those of a version that shadows. */
  readonly answers: boolean;
  /** Jobs in a month. */
  readonly jobs: number;
  /** Hours of instances in a month, starts included. */
  readonly hours: number;
  /** Price of an hour; undefined if it is unknown. */
  readonly usdPerHour: number | undefined;
  /** Jobs in SageMaker's queue when a job is submitted, on average. */
  readonly meanQueue: number;
  /** Seconds from the submission to the end of each job of the simulated time. */
  readonly waits: readonly number[];
}

type Part = Pick<VersionUse, "name" | "share" | "answers">;

/**
 * The use of each model version, `base` first: its part of the load, simulated with its own instances and policies.
 *
 * @throws UsageError where the plan has no version of the name of the active one
 */
export function versionUse(
  resources: readonly PlannedResource[],
  load: Load,
  { instanceType, usdPerHour, active = BASE_VERSION }: InstanceChoice,
): readonly VersionUse[] {
  const configs = endpointConfigurations(resources);
  const base = ofBase(configs);
  const partOf = partsOf(resources, active);
  return [...configs]
    .sort((a, b) => Number(b === base) - Number(a === base))
    .map((config) => {
      const endpointName = config.name.replace(/-config$/, "-endpoint");
      const { name, share, answers } = partOf(endpointName);
      const model = endpointModel(resources, config);
      const type = config === base ? (instanceType ?? model.instanceType) : model.instanceType;
      const host = gpuInstance(type);
      const trace = loadTrace(load, share);
      const { instanceSeconds, meanQueue, waits } = simulateEndpoint(
        plannedScaling(resources, config),
        { ...model, instanceType: type, gpus: host?.gpus ?? 1 },
        traceOn(trace, host?.gpu ?? ""),
        ASSUMPTIONS,
      );
      return {
        name,
        config: config.name,
        endpointName,
        instanceType: type,
        share,
        answers,
        jobs: monthlyProteins(load) * share,
        // Work that is not done at the end of the week continues: its time counts as one of the load's.
        hours: (instanceSeconds / trace.horizonSeconds) * MONTH_HOURS,
        usdPerHour: (usdPerHour ?? hourlyUsd)(type),
        meanQueue,
        waits,
      };
    });
}

/** The part of a version by the name of its endpoint, as the functions of the plan choose versions. */
function partsOf(resources: readonly PlannedResource[], active: string): (endpointName: string) => Part {
  const models = functionVariables(resources).find((variables) => variables[MODELS_ENVIRONMENT.versions] !== undefined);
  const { versions = [], modelB } = (models && readVersions(models)) ?? {};
  const names = new Set([BASE_VERSION, ...versions.map(({ name }) => name)]);
  if (!names.has(active)) {
    throw new UsageError(`the stack has no model version '${active}'; it has ${[...names].join(", ")}.`);
  }
  // Named as modelB, the active version has nothing to split with.
  const other = modelB?.name === active ? undefined : modelB;
  const shadows = other?.mode === "shadow";
  const split = other === undefined || shadows ? 0 : other.share / 100;
  return (endpointName) => {
    const name = versions.find(({ endpoint }) => endpoint === endpointName)?.name ?? BASE_VERSION;
    if (name === active) return { name, share: 1 - split, answers: true };
    if (name !== other?.name) return { name, share: 0, answers: true };
    return { name, share: shadows ? 1 : split, answers: !shadows };
  };
}
