import { alignedTable } from "../simulate/alignedTable.js";
import { hourlyPrice } from "../../components/shared/hourlyPrices.js";
import type { Alternative } from "./compareInstances.js";
import type { CostEstimate } from "./estimateCost.js";
import { loadText } from "./load.js";
import { PRICES } from "./prices.js";
import type { Usage } from "./usage.js";
import type { VersionUse } from "./versionUse.js";

/** Where an estimate is from. */
export interface EstimateSource {
  readonly stack: string;
  readonly region: string;
  /** Type of the instances of `base`. */
  readonly instanceType: string;
  /** Instance types whose prices were read from the Price List API. */
  readonly refreshedTypes: readonly string[];
  readonly prices: { readonly region: string; readonly date: string; readonly notRefreshed: readonly string[] };
}

/** An estimate as JSON. */
export function costDocument(
  estimate: CostEstimate,
  alternatives: readonly Alternative[],
  source: EstimateSource,
): Readonly<Record<string, unknown>> {
  const { monthlyUsd, services, perProteinUsd, per1000VariantsUsd, lines, unpriced, usage, p95_s } = estimate;
  return {
    monthly_usd: rounded(monthlyUsd, 2),
    services: services.map(({ name, usd }) => ({ name, usd: rounded(usd, 4) })),
    per_protein_usd: rounded(perProteinUsd, 6),
    per_1000_variants_usd: rounded(per1000VariantsUsd, 8),
    load: { ...usage.load, proteins_per_month: Math.round(usage.proteins), month: usage.months },
    instance_hours: rounded(usage.instanceHours, 2),
    ...(usage.versions.length > 1 ? { versions: usage.versions.map(versionDocument) } : {}),
    p95_s,
    lines: lines.map(({ service, what, quantity, usd }) => ({ service, what, quantity, usd: rounded(usd, 6) })),
    unpriced,
    ...source,
    ...(alternatives.length === 0 ? {} : { alternatives }),
  };
}

/** An estimate as text. */
export function costText(
  estimate: CostEstimate,
  alternatives: readonly Alternative[],
  { stack, region, prices, refreshedTypes }: EstimateSource,
): string {
  const { monthlyUsd, services, perProteinUsd, per1000VariantsUsd, unpriced, usage, p95_s } = estimate;
  const types = [...new Set(usage.versions.map(({ instanceType }) => instanceType))];
  return [
    `Stack ${stack}: ${loadText(usage.load)}, in month ${usage.months}.`,
    "",
    alignedTable(
      ["service", "USD a month"],
      [...services.map(({ name, usd }) => [name, money(usd)]), ["sum", money(monthlyUsd)]],
    ),
    "",
    `${amount(perProteinUsd)} USD a protein, ${amount(per1000VariantsUsd)} USD for 1,000 variants.`,
    ...usage.versions.map((version) => versionText(version, usage)),
    `95 % of the answers take at most ${(p95_s / 60).toFixed(1)} minutes.`,
    ...(alternatives.length === 0 ? [] : ["", comparison(alternatives)]),
    "",
    `Prices: ${prices.region}, ${prices.date}, without free tiers.`,
    ...types.map((type) => `The price of ${type} is ${originOf(type, refreshedTypes)}.`),
    ...(prices.region === region ? [] : [`The stack is in ${region}: --refresh reads its prices (needs AWS).`]),
    ...(prices.notRefreshed.length === 0 ? [] : [`Still bundled: ${prices.notRefreshed.join(", ")}.`]),
    `Times of calls and of the model are estimates until they are measured. Not confirmed are the prices of ${unconfirmed()}.`,
    ...(unpriced.length === 0 ? [] : [`Not in the sum, because unknown: ${unpriced.join(", ")}.`]),
  ].join("\n");
}

/** The instances of a version, and its part of the load where there are several. */
function versionText({ name, instanceType, hours, share, answers }: VersionUse, { versions }: Usage): string {
  const instances = `${instanceType}: ${hours.toFixed(0)} hours a month`;
  if (versions.length === 1) return `${instances}.`;
  const part = `${(share * 100).toFixed(0)} % of the proteins`;
  return `${name}, ${instances}, ${part}${answers ? "" : ", for which nobody waits"}.`;
}

function versionDocument({ name, instanceType, share, jobs, hours }: VersionUse): Readonly<Record<string, unknown>> {
  const rest = { share, jobs_per_month: Math.round(jobs), instance_hours: rounded(hours, 2) };
  return { name, instance_type: instanceType, ...rest };
}

function originOf(instanceType: string, refreshedTypes: readonly string[]): string {
  return refreshedTypes.includes(instanceType)
    ? "that of the Price List API"
    : ORIGINS[hourlyPrice(instanceType).origin];
}

const ORIGINS = {
  hosting: "a rate of hosting that others read from the Price List API",
  other: "the rate of another use of this type, which others read from the Price List API",
  approximate: "one that others published without its source",
  unknown: "unknown",
} as const;

function comparison(alternatives: readonly Alternative[]): string {
  const rows = alternatives.map(({ instanceType, gpu, minCapacity, monthlyUsd, perProteinUsd, p95_s }) => [
    instanceType,
    gpu,
    String(minCapacity),
    money(monthlyUsd),
    amount(perProteinUsd),
    `${(p95_s / 60).toFixed(1)} min`,
  ]);
  return alignedTable(["instance type", "GPU", "minCapacity", "USD a month", "USD a protein", "p95 wait"], rows);
}

function unconfirmed(): string {
  return Object.entries(PRICES)
    .filter(([, { confirmed }]) => !confirmed)
    .map(([, { service, unit }]) => `${service} (${unit})`)
    .join(", ");
}

function money(usd: number | null): string {
  return usd === null ? "unknown" : usd.toFixed(2);
}

function amount(usd: number | null): string {
  return usd === null ? "an unknown number of" : usd.toPrecision(3);
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;
}
