import { hourlyUsd } from "../../components/shared/hourlyPrices.js";
import { UsageError } from "../command.js";
import { endpointConfigurations, ofBase, plannedEndpoint, plannedResources } from "../simulate/plannedScaling.js";
import { COMPARED, compareInstances } from "./compareInstances.js";
import { estimateCost } from "./estimateCost.js";
import { MOST_PER_DAY, type Load, type Pattern } from "./load.js";
import { costDocument, costText } from "./printCost.js";
import { bundledPrices, PRICES_DATE, PRICES_REGION } from "./prices.js";

/** What is estimated, and how it is printed. */
export interface CostOptions {
  readonly stack: string;
  /** Settings as key=value that win over the stack's. */
  readonly set: readonly string[];
  readonly proteins: number;
  readonly length: number;
  readonly pattern: Pattern;
  /** Month whose bill it is: what is kept grows. */
  readonly month: number;
  /** The active model version. Default: `base`. */
  readonly active?: string;
  /** Compare instance types and scale-to-zero. */
  readonly compare?: boolean;
  /** Read today's prices from the Price List API. */
  readonly refresh?: boolean;
  readonly json?: boolean;
}

/**
 * Estimates what a stack costs in a month, before it is deployed.
 *
 * @returns the exit code
 * @throws UsageError for a load that cannot be simulated, or an active version that the stack does not have
 */
export async function runCost(options: CostOptions): Promise<number> {
  if (options.proteins > MOST_PER_DAY) {
    throw new UsageError(
      `at most ${MOST_PER_DAY.toLocaleString("en-US")} proteins a day are simulated; docs/scale.md has the figures of more.`,
    );
  }
  const stack = { stack: options.stack, overrides: overridesOf(options.set) };
  const load: Load = { proteinsPerDay: options.proteins, length: options.length, pattern: options.pattern };
  const { resources, region } = await plannedResources(stack);
  const configs = endpointConfigurations(resources);
  const types = configs.map((config) => plannedEndpoint(config).instanceType);
  const { instanceType } = plannedEndpoint(ofBase(configs));
  const compared = options.compare === true ? COMPARED : [];
  const live = options.refresh === true ? await refreshed(region, [...new Set([...types, ...compared])]) : undefined;
  const prices = live?.prices ?? bundledPrices();
  const usdPerHour = (type: string): number | undefined => live?.instanceUsd.get(type) ?? hourlyUsd(type);
  const estimate = estimateCost(resources, load, prices, options.month, { usdPerHour, active: options.active });
  const alternatives =
    options.compare === true
      ? await compareInstances(stack, load, prices, options.month, instanceType, usdPerHour)
      : [];
  const source = {
    stack: options.stack,
    region,
    instanceType,
    refreshedTypes: [...(live?.instanceUsd.keys() ?? [])],
    prices: live
      ? { region, date: new Date().toISOString().slice(0, 10), notRefreshed: live.notFound }
      : { region: PRICES_REGION, date: PRICES_DATE, notRefreshed: [] },
  };
  console.log(
    options.json === true
      ? JSON.stringify(costDocument(estimate, alternatives, source), undefined, 2)
      : costText(estimate, alternatives, source),
  );
  return 0;
}

async function refreshed(region: string, instanceTypes: readonly string[]) {
  const [{ PricingClient }, { livePrices, PRICE_LIST_REGION }] = await Promise.all([
    import("@aws-sdk/client-pricing"),
    import("./livePrices.js"),
  ]);
  return livePrices(new PricingClient({ region: PRICE_LIST_REGION }), region, instanceTypes);
}

function overridesOf(set: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    set.map((text) => {
      const [, key, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
      if (key === undefined || value === undefined) throw new UsageError(`'${text}' is not of the form key=value.`);
      return [key, value];
    }),
  );
}
