import type { PlannedResource } from "../../local/program/runProgram.js";
import type { Load } from "./load.js";
import type { PriceKey } from "./prices.js";
import type { VersionUse } from "./versionUse.js";

/** What a load uses in a month, from the simulation and the arithmetic of the code. */
export interface Usage {
  readonly load: Load;
  /** Proteins that are submitted. */
  readonly proteins: number;
  /** Jobs that score them: two for each where a version shadows. */
  readonly jobs: number;
  /** The model versions, `base` first. */
  readonly versions: readonly VersionUse[];
  /** Hours of instances of all versions, starts included. */
  readonly instanceHours: number;
  /** Jobs in SageMaker's queues when a job is submitted, on average. */
  readonly meanQueue: number;
  /** Months that the stack has run: what is kept grows. */
  readonly months: number;
}

/** One line of the bill. */
export interface CostLine {
  readonly service: string;
  /** What is billed, in words. */
  readonly what: string;
  /** Units in a month. */
  readonly quantity: number;
  /** A price of the table, or what a unit costs. */
  readonly price: PriceKey | number;
}

/** What of a resource is billed. */
export type Billing = (resource: PlannedResource, context: BillingContext) => readonly CostLine[];

/** What a resource's bill depends on beside the resource. */
export interface BillingContext {
  readonly usage: Usage;
  readonly resources: readonly PlannedResource[];
}
