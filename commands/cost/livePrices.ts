import { GetProductsCommand, type PricingClient } from "@aws-sdk/client-pricing";
import * as z from "zod";
import { bundledPrices, PRICES, type Price, type PriceKey, type PriceTable } from "./prices.js";

/** Regions in which the Price List API answers. */
export const PRICE_LIST_REGION = "us-east-1";

/** Prices from the Price List API, and what it did not tell. */
export interface LivePrices {
  readonly prices: PriceTable;
  /** Prices of an hour of the instance types that the list has. */
  readonly instanceUsd: ReadonlyMap<string, number>;
  /** Prices, and instance types, that are still the bundled ones. */
  readonly notFound: readonly string[];
}

const product = z.looseObject({
  product: z.looseObject({ attributes: z.looseObject({ usagetype: z.string().optional() }) }),
  terms: z.looseObject({
    OnDemand: z
      .record(
        z.string(),
        z.looseObject({
          priceDimensions: z.record(
            z.string(),
            z.looseObject({
              beginRange: z.string().default("0"),
              pricePerUnit: z.looseObject({ USD: z.string().optional() }),
            }),
          ),
        }),
      )
      .optional(),
  }),
});

/** One page of products. */
const page = z.looseObject({ PriceList: z.array(z.unknown()).default([]), NextToken: z.string().optional() });

type Product = z.infer<typeof product>;

/** Hours of a month, which the list has as the unit of what this table has by month. */
const HOURS = 730;
const BY_THE_HOUR: readonly PriceKey[] = ["dashboard"];

/**
 * Reads today's prices of a region.
 *
 * @param instanceTypes whose prices of hosting are read
 */
export async function livePrices(
  client: PricingClient,
  region: string,
  instanceTypes: readonly string[],
): Promise<LivePrices> {
  const known: Readonly<Record<string, Price>> = PRICES;
  const services = [...new Set(Object.values(known).flatMap(({ list }) => (list ? [list[0]] : [])))];
  const products = new Map<string, readonly Product[]>();
  for (const service of services) products.set(service, await productsOf(client, service, { regionCode: region }));
  const found = Object.entries(known).map(([key, { list }]) => {
    const usd = list && firstPrice(products.get(list[0]) ?? [], list[1]);
    return [key, usd !== undefined && BY_THE_HOUR.some((one) => one === key) ? usd * HOURS : usd] as const;
  });
  const instanceUsd = new Map<string, number>();
  for (const instanceName of instanceTypes) {
    const fields = { regionCode: region, instanceName, component: "Hosting" };
    const hosting = await productsOf(client, "AmazonSageMaker", fields);
    const usd = hosting.map((one) => usdOf(one)).find((one) => one !== undefined);
    if (usd !== undefined) instanceUsd.set(instanceName, usd);
  }
  const refreshed = Object.fromEntries(found.flatMap(([key, usd]) => (usd === undefined ? [] : [[key, usd]])));
  return {
    prices: { ...bundledPrices(), ...refreshed },
    instanceUsd,
    notFound: [
      ...found.flatMap(([key, usd]) => (usd === undefined ? [key] : [])),
      ...instanceTypes.filter((type) => !instanceUsd.has(type)),
    ],
  };
}

async function productsOf(
  client: PricingClient,
  service: string,
  fields: Readonly<Record<string, string>>,
): Promise<readonly Product[]> {
  const found: Product[] = [];
  let next: string | undefined;
  do {
    // The types of the client are loose: its products are JSON in strings.
    const answered: unknown = await client.send(
      new GetProductsCommand({
        ServiceCode: service,
        Filters: Object.entries(fields).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value })),
        ...(next === undefined ? {} : { NextToken: next }),
      }),
    );
    const { PriceList, NextToken } = page.parse(answered);
    found.push(...PriceList.map((text) => product.parse(JSON.parse(String(text)))));
    next = NextToken;
  } while (next !== undefined);
  return found;
}

/** The price of a usage type. Outside of us-east-1 its name begins with the code of the region, such as `EUW1-`. */
function firstPrice(products: readonly Product[], usageType: string): number | undefined {
  return products
    .filter(({ product: { attributes } }) => attributes.usagetype?.replace(/^[A-Z]{2,4}\d-/, "") === usageType)
    .map((one) => usdOf(one))
    .find((usd) => usd !== undefined);
}

/** The price of the first step of an amount that costs something: the steps before are free tiers. */
function usdOf({ terms }: Product): number | undefined {
  const steps = Object.values(terms.OnDemand ?? {})
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
    .map(({ beginRange, pricePerUnit }) => ({ from: Number(beginRange), usd: Number(pricePerUnit.USD ?? "0") }))
    .filter(({ usd }) => usd > 0)
    .sort((a, b) => a.from - b.from);
  return steps[0]?.usd;
}
