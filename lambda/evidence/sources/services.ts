import { setTimeout as delay } from "node:timers/promises";
import { sourceUrlVariable } from "../../../contract/environment.js";
import { NO_CACHE, type AnswerCache } from "./answerCache.js";
import { OwnRateLimit, type RateLimit } from "./rateLimit.js";
import { type Source } from "./source.js";
import { SourceError } from "./sourceError.js";
import { SourceClient } from "./sourceClient.js";

/** What is needed to ask sources. */
export interface AskServices {
  readonly cache: AnswerCache;
  readonly limit: RateLimit;
  /** The operator's key for NCBI; undefined without one. */
  readonly ncbiKey: () => Promise<string | undefined>;
  /** E-mail address that sources can write to. */
  readonly contact?: string | undefined;
  /** Addresses in place of those of sources, see `sourceUrlVariable`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Asks without a table: nothing is kept, and the rate is that of this process alone. */
export function ownServices(environment: AskServices["environment"]): AskServices {
  const timing = { now: Date.now, sleep: (ms: number) => delay(ms) };
  return {
    ...timing,
    cache: NO_CACHE,
    limit: new OwnRateLimit(timing),
    ncbiKey: () => Promise.resolve(environment["NCBI_API_KEY"]),
    environment,
  };
}

/**
 * The client of one source.
 *
 * @param keptBack the sequence that must not be sent; undefined if it may be
 * @param deadline time in milliseconds since 1970 at which waiting ends
 */
export async function clientOf(
  source: Pick<Source, "name" | "title" | "hosts" | "rate" | "keyed">,
  { limit, ncbiKey, contact, environment, now, sleep }: AskServices,
  { keptBack, deadline }: { keptBack: string | undefined; deadline: number },
): Promise<SourceClient> {
  const key = source.keyed && (await ncbiKey());
  const keyed = source.keyed && key !== undefined ? source.keyed : undefined;
  const address = environment[sourceUrlVariable(source.name)];
  if (address !== undefined && !URL.canParse(address)) {
    throw new SourceError("unavailable", `${sourceUrlVariable(source.name)} is not an address`);
  }
  return new SourceClient({
    title: source.title,
    hosts: source.hosts,
    rate: keyed?.rate ?? source.rate,
    limit,
    address,
    contact,
    secretQuery: keyed && { [keyed.parameter]: key ?? "" },
    keptBack,
    deadline,
    now,
    sleep,
  });
}
