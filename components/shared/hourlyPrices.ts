import type { GPU_FAMILIES } from "./gpuInstances.js";

/** Where the prices of {@link hourlyUsd} are from. `vep cost --refresh` reads today's from the Price List API. */
export const HOURLY_PRICES = {
  region: "us-east-1",
  /** Month in which they were noted. */
  date: "2026-11",
  source: "https://aws.amazon.com/sagemaker/ai/pricing/ (real-time inference, on demand)",
} as const;

/** What a price is known from. */
export interface HourlyPrice {
  /** US dollars an hour; undefined if the price is unknown. */
  readonly usd: number | undefined;
  /** How it was found out. */
  readonly origin: Origin;
}

/**
 * Nothing could be read from AWS itself: `hosting` is a rate of hosting from the Price List API that others have published,
 * `other` one of another use of the type on SageMaker (training, batch transform, notebooks), which has mostly the same
 * rate, `approximate` one that others published without a source, `unknown` none.
 */
export type Origin = "hosting" | "other" | "approximate" | "unknown";

type Family = keyof typeof GPU_FAMILIES;
type Sizes<Name extends Family> = Readonly<Record<keyof (typeof GPU_FAMILIES)[Name]["sizes"], HourlyPrice>>;

const hosting = (usd: number): HourlyPrice => ({ usd, origin: "hosting" });
const other = (usd: number): HourlyPrice => ({ usd, origin: "other" });
const approximate = (usd: number): HourlyPrice => ({ usd, origin: "approximate" });
const UNKNOWN: HourlyPrice = { usd: undefined, origin: "unknown" };

/** Every type of the table of instance types. Rates of us-east-1 and us-west-2 are the same for all that were compared. */
const PRICES: { readonly [Name in Family]: Sizes<Name> } = {
  g4dn: {
    xlarge: other(0.7364),
    "2xlarge": other(0.94),
    "4xlarge": approximate(1.505),
    "8xlarge": approximate(2.72),
    "12xlarge": approximate(4.89),
    "16xlarge": approximate(5.44),
  },
  g5: {
    xlarge: other(1.408),
    "2xlarge": other(1.515),
    "4xlarge": other(2.03),
    "8xlarge": other(3.06),
    "12xlarge": other(7.09),
    "16xlarge": other(5.12),
    "24xlarge": other(10.18),
    "48xlarge": other(20.36),
  },
  g6: {
    xlarge: hosting(1.1267),
    "2xlarge": hosting(1.222),
    "4xlarge": other(1.654),
    "8xlarge": other(2.518),
    "12xlarge": other(5.752),
    "16xlarge": UNKNOWN,
    "24xlarge": other(8.344),
    "48xlarge": other(16.688),
  },
  g6e: {
    xlarge: hosting(2.6054),
    "2xlarge": hosting(2.8026),
    "4xlarge": other(3.7553),
    "8xlarge": other(5.6607),
    "12xlarge": other(13.1158),
    "16xlarge": UNKNOWN,
    "24xlarge": other(18.832),
    "48xlarge": other(37.664),
  },
  g7e: {
    "2xlarge": other(4.2039),
    "4xlarge": other(4.9977),
    "8xlarge": other(6.5853),
    "12xlarge": other(10.3576),
    "24xlarge": other(20.7152),
    "48xlarge": other(41.4304),
  },
  p4d: { "24xlarge": other(25.2513) },
  p4de: { "24xlarge": UNKNOWN },
  p5: { "4xlarge": UNKNOWN, "48xlarge": other(63.296) },
  p5e: { "48xlarge": UNKNOWN },
  p5en: { "48xlarge": UNKNOWN },
  "p6-b200": { "48xlarge": UNKNOWN },
  "p6-b300": { "48xlarge": UNKNOWN },
};

/**
 * What an instance of an endpoint costs, and how that was found out.
 *
 * @param instanceType as SageMaker names it: `ml.g6.2xlarge`
 */
export function hourlyPrice(instanceType: string): HourlyPrice {
  const [, family = "", size = ""] = /^ml\.([a-z0-9-]+)\.([a-z0-9]+)$/.exec(instanceType) ?? [];
  const families: Readonly<Record<string, Readonly<Record<string, HourlyPrice>>>> = PRICES;
  return (Object.hasOwn(families, family) ? families[family]?.[size] : undefined) ?? UNKNOWN;
}

/**
 * What an instance of an endpoint costs, in USD an hour, in {@link HOURLY_PRICES.region}.
 *
 * @param instanceType as SageMaker names it: `ml.g6.2xlarge`
 * @returns undefined for a type whose price is unknown
 */
export function hourlyUsd(instanceType: string): number | undefined {
  return hourlyPrice(instanceType).usd;
}
