import { GPU_INSTANCE_TYPES, gpuInstance } from "../../components/shared/gpuInstances.js";
import { hourlyPrice } from "../../components/shared/hourlyPrices.js";
import { estimateCost } from "../cost/estimateCost.js";
import { loadText, MONTH_HOURS, type Load } from "../cost/load.js";
import { bundledPrices, PRICES, type Price } from "../cost/prices.js";
import { plannedResources } from "../simulate/plannedScaling.js";
import { table } from "./markdown.js";

/** Stacks and loads whose cost docs/cost.md shows. */
const SHOWN: readonly { readonly stack: string; readonly load: Load }[] = [
  { stack: "dev", load: { proteinsPerDay: 20, length: 400, pattern: "office" } },
  { stack: "dev", load: { proteinsPerDay: 2_000, length: 400, pattern: "night" } },
  { stack: "default", load: { proteinsPerDay: 100, length: 400, pattern: "steady" } },
  { stack: "prod", load: { proteinsPerDay: 1_000, length: 400, pattern: "office" } },
];

/** The table of docs/cost.md with what stacks cost in a month. */
export async function estimateTable(): Promise<string> {
  const rows: string[][] = [];
  for (const { stack, load } of SHOWN) {
    const { resources } = await plannedResources({ stack, overrides: {} });
    const { monthlyUsd, services, perProteinUsd, per1000VariantsUsd, p95_s } = estimateCost(
      resources,
      load,
      bundledPrices(),
      12,
    );
    const gpu = services.find(({ name }) => name === "SageMaker")?.usd ?? null;
    rows.push([
      `\`${stack}\``,
      loadText(load),
      money(gpu),
      money(gpu === null || monthlyUsd === null ? null : monthlyUsd - gpu),
      perProteinUsd?.toPrecision(2) ?? "unknown",
      per1000VariantsUsd?.toPrecision(2) ?? "unknown",
      `${(p95_s / 60).toFixed(1)} min`,
    ]);
  }
  return table(["stack", "load", "GPU", "all else", "a protein", "1,000 variants", "p95 wait"], rows);
}

/** The table of docs/cost.md with what costs money while nothing happens. */
export function standingTable(): string {
  const month = (price: Price): string => `${(price.usd * MONTH_HOURS).toFixed(2)} a month`;
  return table(
    ["option", "USD, used or not"],
    [
      ["`encryption kms`", `${PRICES.key.usd.toFixed(2)} a month, and ${perMillion(PRICES.keyRequest)} requests`],
      [
        "`stream`",
        `${month(PRICES.shardHour)} for a shard, and ${perMillion(PRICES.payloadUnit)} records of up to 25 kB`,
      ],
      ["`api`", `nothing; ${perMillion(PRICES.apiRequest)} requests`],
      ["`apiCache`", `${month(PRICES.apiCacheHour)} for the smallest cache`],
      [
        "`agentGateway`",
        `${PRICES.tokenClient.usd.toFixed(2)} a month for the client of tokens; ${perMillion(PRICES.gatewayCall)} calls`,
      ],
      ["`network isolated`", `${month(PRICES.endpointHour)} for each interface endpoint in each zone`],
      ["`imageBuild codebuild`", `nothing; ${PRICES.buildMinute.usd.toFixed(2)} a minute of a build`],
      ["`scan`", `nothing; ${perMillion(PRICES.transition)} state transitions`],
      [
        "`resultsCatalog`",
        `nothing; ${perMillion(PRICES.objectPut)} files, ${PRICES.scan.usd} for a TB that queries scan`,
      ],
    ],
  );
}

/** The cost of a stream alone, for docs/stream.md. */
export function streamTable(): string {
  const { shardHour, payloadUnit } = PRICES;
  return table(
    ["what", "USD"],
    [
      ["a shard, an hour", shardHour.usd.toString()],
      ["a shard, a month, also while it is idle", (shardHour.usd * MONTH_HOURS).toFixed(2)],
      ["a million records of up to 25 kB", (payloadUnit.usd * 1e6).toFixed(3)],
    ],
  );
}

/** The bundled prices of services. */
export function priceTable(): string {
  const rows = Object.values<Price>(PRICES).map(({ service, unit, usd, page, confirmed }) => [
    service,
    unit,
    usd >= 0.001 ? String(usd) : usd.toExponential().replace(/e-0?/, "e-"),
    `[page](${page})`,
    confirmed ? "confirmed" : "not confirmed",
  ]);
  return table(["service", "unit", "USD", "AWS's page", "second source"], rows);
}

/** The bundled prices of instances. */
export function instancePriceTable(): string {
  const rows = GPU_INSTANCE_TYPES.map((type) => {
    const { usd, origin } = hourlyPrice(type);
    const host = gpuInstance(type);
    return [
      `\`${type}\``,
      `${host?.gpus ?? ""} x ${host?.gpu ?? ""}`,
      usd === undefined ? "unknown" : String(usd),
      origin,
    ];
  });
  return table(["instance type", "GPUs", "USD an hour", "origin"], rows);
}

function perMillion({ usd }: Price): string {
  return `${(usd * 1e6).toFixed(usd * 1e6 < 1 ? 3 : 2)} for a million`;
}

function money(usd: number | null): string {
  return usd === null ? "unknown" : usd.toFixed(2);
}
