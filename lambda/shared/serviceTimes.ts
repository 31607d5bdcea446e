import { GetCommand, PutCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { awsCall } from "./awsCall.js";
import { unlessConditionFailed } from "./conditionalWrite.js";

/** How long a job takes on one instance by itself: `jobSeconds + tokenSeconds * tokens`. */
export interface ServiceTimes {
  readonly jobSeconds: number;
  readonly tokenSeconds: number;
}

/** A completed job, as SageMaker reports it. */
export interface CompletedWork {
  readonly tokens: number;
  /** Number of running instances when the job was sent, at least 1. */
  readonly instances: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}

/** Jobs, tokens and seconds that belong together: `seconds` is about `jobs * jobSeconds + tokens * tokenSeconds`. */
interface Observation {
  readonly jobs: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Number of completed jobs in it. */
  readonly count: number;
}

/**
 * What is kept of all observations: the sums of a least-squares fit, in which an observation has the weight of its
 * seconds, and the latest the most.
 */
export interface Measurements {
  readonly jj: number;
  readonly jt: number;
  readonly tt: number;
  readonly j: number;
  readonly t: number;
  /** The busy period that is being measured. */
  readonly open: Observation;
  /** End of the latest job, in milliseconds since 1970. */
  readonly lastEnd: number;
}

const NOTHING: Observation = { jobs: 0, tokens: 0, seconds: 0, count: 0 };

export const NO_MEASUREMENTS: Measurements = { jj: 0, jt: 0, tt: 0, j: 0, t: 0, open: NOTHING, lastEnd: 0 };

/** Weight of the earlier observations for each job that is added: half of it is left after 69 jobs. */
const MEMORY = 0.99;

/** Most completed jobs in one observation, for each slot: jobs that share a GPU end in another order than they began. */
const JOBS_PER_SLOT = 8;

/**
 * Relative determinant below which jobs were too similar to tell both times apart. Large, because jobs that share a GPU
 * end in another order than they began, and that scatter would be taken for time that does not depend on the length.
 */
const SIMILAR = 0.1;

/**
 * Adds completed jobs. Measured is the time in which the endpoint was busy: from the end of the job before, or from the
 * arrival of a job that found the endpoint idle. So it holds for jobs one after the other, and for jobs that share a GPU.
 *
 * @param concurrency most requests that one instance works on at a time
 */
export function withWork(
  measurements: Measurements,
  works: readonly CompletedWork[],
  concurrency: number,
): Measurements {
  return [...works]
    .sort((a, b) => a.endedAt - b.endedAt)
    .reduce((known, work) => withOne(known, work, concurrency), measurements);
}

function withOne(known: Measurements, work: CompletedWork, concurrency: number): Measurements {
  const { tokens, instances, receivedAt, endedAt } = work;
  // A late notification: the time until it was counted for the jobs after it.
  if (endedAt <= known.lastEnd) return known;
  const idle = receivedAt >= known.lastEnd;
  const before = idle ? closed(known) : known;
  const slots = concurrency * instances;
  const open = {
    jobs: before.open.jobs + (idle ? 1 : 1 / slots),
    tokens: before.open.tokens + (idle ? tokens : tokens / instances),
    seconds: before.open.seconds + (endedAt - Math.max(receivedAt, known.lastEnd)) / 1_000,
    count: before.open.count + 1,
  };
  const added = { ...before, open, lastEnd: endedAt };
  return open.count >= JOBS_PER_SLOT * slots ? closed(added) : added;
}

/** Adds the open observation to the sums. */
function closed(known: Measurements): Measurements {
  const { open } = known;
  if (open.seconds <= 0) return { ...known, open: NOTHING };
  const { jobs, tokens, seconds, count } = open;
  const memory = MEMORY ** count;
  return {
    jj: known.jj * memory + (jobs * jobs) / seconds,
    jt: known.jt * memory + (jobs * tokens) / seconds,
    tt: known.tt * memory + (tokens * tokens) / seconds,
    j: known.j * memory + jobs,
    t: known.t * memory + tokens,
    open: NOTHING,
    lastEnd: known.lastEnd,
  };
}

/** The measured times; undefined if nothing was measured. */
export function serviceTimes(measurements: Measurements): ServiceTimes | undefined {
  // The first jobs of a busy period that end are the short ones: they say too little, unless nothing else is known.
  const { jj, jt, tt, j, t } = measurements.tt === 0 ? closed(measurements) : measurements;
  if (tt === 0) return undefined;
  const determinant = jj * tt - jt * jt;
  const byTokens = { jobSeconds: 0, tokenSeconds: t / tt };
  if (determinant < SIMILAR * jj * tt) return byTokens;
  const jobSeconds = (j * tt - t * jt) / determinant;
  const tokenSeconds = (t * jj - j * jt) / determinant;
  if (tokenSeconds <= 0) return { jobSeconds: j / jj, tokenSeconds: 0 };
  return jobSeconds < 0 ? byTokens : { jobSeconds, tokenSeconds };
}

/** Seconds that measurements of a model version outlive the last of them: 90 days. */
const KEPT_SECONDS = 90 * 86_400;

interface StoredMeasurements {
  readonly measurements: Measurements;
  readonly version: number;
}

/** The measurements of each model version: one small item in the table of jobs. */
export class ServiceTimesStore {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  /** The measured times of a model version; undefined if nothing was measured. */
  async read(modelVersion: string): Promise<ServiceTimes | undefined> {
    return serviceTimes((await this.stored(modelVersion)).measurements);
  }

  /** Adds completed jobs. If another call adds some at the same time, these are left out: the times are averages. */
  async add(modelVersion: string, works: readonly CompletedWork[], concurrency: number, now: Date): Promise<void> {
    const { measurements, version } = await this.stored(modelVersion);
    const put = new PutCommand({
      TableName: this.table,
      Item: {
        output_id: keyOf(modelVersion),
        measurements: withWork(measurements, works, concurrency),
        version: version + 1,
        expires_at: Math.floor(now.getTime() / 1_000) + KEPT_SECONDS,
      },
      ...(version === 0
        ? { ConditionExpression: "attribute_not_exists(output_id)" }
        : { ConditionExpression: "version = :version", ExpressionAttributeValues: { ":version": version } }),
    });
    await awsCall("dynamodb:PutItem", unlessConditionFailed(this.documents.send(put)));
  }

  private async stored(modelVersion: string): Promise<StoredMeasurements> {
    const get = new GetCommand({ TableName: this.table, Key: { output_id: keyOf(modelVersion) } });
    const { Item } = await awsCall("dynamodb:GetItem", this.documents.send(get));
    return (Item as StoredMeasurements | undefined) ?? { measurements: NO_MEASUREMENTS, version: 0 };
  }
}

function keyOf(modelVersion: string): string {
  return `service-times/${modelVersion}`;
}
