import * as z from "zod";
import type { PlannedResource } from "../../local/program/runProgram.js";
import type { PREFIXES } from "../../contract/storage.js";
import { MONTH_DAYS } from "./load.js";

const rule = z.looseObject({
  filter: z.looseObject({
    prefix: z.string().optional(),
    and: z.looseObject({ prefix: z.string(), objectSizeGreaterThan: z.number().default(0) }).optional(),
  }),
  expiration: z.looseObject({ days: z.number() }).optional(),
  transitions: z.array(z.looseObject({ days: z.number(), storageClass: z.string() })).default([]),
});

/** What the objects below a prefix cost to keep. */
export interface Kept {
  /** GB by storage class, in the given month. */
  readonly standard: number;
  readonly infrequent: number;
  readonly archive: number;
  /** Objects that move in that month. */
  readonly toInfrequent: number;
  readonly toArchive: number;
}

/**
 * What is stored of objects that are written evenly, by the lifecycle rules of the plan.
 *
 * @param objects number that is written in a month
 * @param kilobytes size of each
 * @param months how long the stack has run
 */
export function kept(
  resources: readonly PlannedResource[],
  prefix: (typeof PREFIXES)[keyof typeof PREFIXES],
  { objects, kilobytes, months }: { readonly objects: number; readonly kilobytes: number; readonly months: number },
): Kept {
  const rules = resources
    .filter(({ type }) => type === "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    .flatMap(({ inputs }) => z.looseObject({ rules: z.array(rule) }).parse(inputs).rules)
    .filter(({ filter }) => (filter.and?.prefix ?? filter.prefix) === prefix)
    .filter(({ filter }) => kilobytes * 1_000 > (filter.and?.objectSizeGreaterThan ?? -1));
  const days = months * MONTH_DAYS;
  const dayOf = (storageClass: string): number =>
    Math.min(
      ...rules.flatMap(({ transitions }) =>
        transitions.filter((one) => one.storageClass === storageClass).map((one) => one.days),
      ),
      Infinity,
    );
  const expiry = Math.min(...rules.flatMap(({ expiration }) => (expiration ? [expiration.days] : [])), Infinity);
  const [infrequentFrom, archiveFrom] = [dayOf("STANDARD_IA"), dayOf("GLACIER_IR")];
  const end = Math.min(days, expiry);
  const gigabytesPerDay = (objects * kilobytes) / 1e6 / MONTH_DAYS;
  const between = (from: number, to: number): number => Math.max(Math.min(to, end) - Math.min(from, end), 0);
  const reached = (from: number): number => (from < end ? objects : 0);
  return {
    standard: between(0, Math.min(infrequentFrom, archiveFrom)) * gigabytesPerDay,
    infrequent: between(infrequentFrom, archiveFrom) * gigabytesPerDay,
    archive: between(archiveFrom, Infinity) * gigabytesPerDay,
    toInfrequent: reached(infrequentFrom),
    toArchive: reached(archiveFrom),
  };
}
