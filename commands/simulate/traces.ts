import { generator } from "../../client/random.js";
import { MAX_SEQUENCE_LENGTH } from "../../contract/limits.js";
import { ASSUMED_TIMES, tokensOf } from "../../lambda/shared/estimate.js";
import { gpuSpeed } from "./gpuSpeed.js";
import { normalDeviate } from "./normalDeviate.js";
import type { SimulatedJob } from "./simulatedJob.js";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** One protein that is submitted. */
export interface Arrival {
  /** Seconds from the start, which is a Monday, 0:00. */
  readonly at: number;
  /** Residues. */
  readonly length: number;
}

/** What users submit over a time. */
export interface ArrivalTrace {
  readonly name: string;
  readonly description: string;
  /** The costs are counted at least until then, in seconds. */
  readonly horizonSeconds: number;
  /** In the order of time. */
  readonly arrivals: readonly Arrival[];
}

/** The jobs of a trace on one GPU. */
export interface Trace {
  readonly name: string;
  readonly horizonSeconds: number;
  readonly jobs: readonly SimulatedJob[];
}

/** Proteins of human cells: a median of 414 residues, a mean of about 560. */
const HUMAN = { median: 414, spread: 0.77 };

/** Proteins of bacteria: a median of 265 residues, a mean of about 310. */
const BACTERIAL = { median: 265, spread: 0.55 };

/** The traces that policies are compared on. */
export function builtInTraces(seed: number): readonly ArrivalTrace[] {
  return [loneProteins(seed), burst(seed), officeHours(seed), nightBatch(seed)];
}

/** One protein each hour, for a week. */
function loneProteins(seed: number): ArrivalTrace {
  const random = generator(seed);
  const arrivals = Array.from({ length: 7 * 24 }, (_, hour) => ({
    at: hour * HOUR + 600 + 60 * random(),
    length: lengthOf(HUMAN, random),
  }));
  return trace("lone", "one human protein each hour, for a week", 7 * DAY, arrivals);
}

/** 500 proteins at once. */
function burst(seed: number): ArrivalTrace {
  const random = generator(seed + 1);
  const arrivals = Array.from({ length: 500 }, () => ({ at: HOUR + 30 * random(), length: lengthOf(HUMAN, random) }));
  return trace("burst", "500 human proteins within half a minute", DAY, arrivals);
}

/** A team from Monday to Friday, 9 to 18: somebody sits down every 40 minutes, and submits about five proteins. */
function officeHours(seed: number): ArrivalTrace {
  const random = generator(seed + 2);
  const exponential = (mean: number): number => -Math.log(1 - random()) * mean;
  const arrivals: Arrival[] = [];
  for (let day = 0; day < 5; day += 1) {
    for (let at = 9 * HOUR + exponential(2_400); at < 18 * HOUR; at += exponential(2_400)) {
      const proteins = 1 + Math.floor(exponential(4));
      let submitted = at;
      for (let index = 0; index < proteins; index += 1) {
        arrivals.push({ at: day * DAY + submitted, length: lengthOf(HUMAN, random) });
        submitted += exponential(45);
      }
    }
  }
  return trace("office", "a team on five working days: about 13 sessions a day of about 5 proteins", 7 * DAY, arrivals);
}

/** 20,000 proteins in the evening. */
function nightBatch(seed: number): ArrivalTrace {
  const random = generator(seed + 3);
  const arrivals = Array.from({ length: 20_000 }, (_, index) => ({
    at: 20 * HOUR + index * 0.1,
    length: lengthOf(BACTERIAL, random),
  }));
  return trace("night", "20,000 bacterial proteins at 20:00", 44 * HOUR, arrivals);
}

function trace(name: string, description: string, horizonSeconds: number, arrivals: readonly Arrival[]): ArrivalTrace {
  return { name, description, horizonSeconds, arrivals: [...arrivals].sort((a, b) => a.at - b.at) };
}

/** A length from a logarithmic normal distribution, 30 to 10,000 residues. */
function lengthOf(
  { median, spread }: { readonly median: number; readonly spread: number },
  random: () => number,
): number {
  return Math.round(Math.min(Math.max(median * Math.exp(spread * normalDeviate(random)), 30), MAX_SEQUENCE_LENGTH));
}

/**
 * The jobs of a trace on an instance type, by the times that the service assumes for an L4 until it has measured them.
 *
 * @param gpu name of the GPU, as in the table of instance types
 */
export function traceOn({ name, horizonSeconds, arrivals }: ArrivalTrace, gpu: string): Trace {
  const speed = gpuSpeed(gpu);
  return {
    name,
    horizonSeconds,
    jobs: arrivals.map(({ at, length }) => ({
      arrival: at,
      ioSeconds: ASSUMED_TIMES.jobSeconds,
      gpuSeconds:
        (tokensOf({ sequence_length: length, scoring: "masked-marginals" }) * ASSUMED_TIMES.tokenSeconds) / speed,
      sentAt: at,
      kills: 0,
    })),
  };
}
