import { REQUEST_TTL_SECONDS } from "../../contract/limits.js";
import type { Assumptions } from "./assumptions.js";
import { Autoscaler } from "./autoscaler.js";
import { Fleet } from "./fleet.js";
import type { SimulatedJob } from "./simulatedJob.js";
import { JobFeed } from "./jobFeed.js";
import { HOSTS, type MinuteOfMetrics } from "./metrics.js";
import type { EndpointModel, ScalingModel } from "./scalingModel.js";
import type { Trace } from "./traces.js";

/** Kills after which a job is not submitted again, as the service's `maxAttempts`. */
const MOST_ATTEMPTS = 5;

/** The endpoint at the end of a minute. */
export interface Sample {
  /** Seconds. */
  readonly at: number;
  /** Instances that are paid: starting, running or ending. */
  readonly instances: number;
  /** Instances that take requests. */
  readonly serving: number;
  /** Jobs without an end that were submitted. */
  readonly backlog: number;
}

/** What happened in a simulation. */
export interface SimulationResult {
  /** Seconds from the submission to the end of each job. */
  readonly waits: readonly number[];
  /** Seconds that instances were paid, starts included. */
  readonly instanceSeconds: number;
  /** Jobs in flight that the end of an instance killed; one job can be counted several times. */
  readonly killed: number;
  /** Jobs that were given up: killed too often, or too long in SageMaker's queue. */
  readonly lost: number;
  /** Jobs that SageMaker had when a job was submitted, on average. */
  readonly meanQueue: number;
  /** End of the simulation, in seconds. */
  readonly endedAt: number;
  readonly samples: readonly Sample[];
}

/** Simulates the endpoint with one scaling model on one trace. */
export function simulateEndpoint(
  scaling: ScalingModel,
  endpoint: EndpointModel,
  trace: Trace,
  assumptions: Assumptions,
): SimulationResult {
  const fleet = new Fleet(endpoint, assumptions);
  const autoscaler = new Autoscaler(scaling, assumptions);
  const feed = new JobFeed(scaling.maxCapacity);
  const jobs = trace.jobs;
  const waits: number[] = [];
  const samples: Sample[] = [];
  let [killed, lost, arrived, nextTick, now, computed] = [0, 0, 0, 60, 0, false];

  // The fleet that exists before the trace begins is up.
  fleet.resize(autoscaler.desired, 0, true);

  const end = (job: SimulatedJob): void => {
    feed.ended(job);
    waits.push(now - job.arrival);
  };
  const step = (): void => {
    const { finished, killed: ended } = fleet.advance(now);
    finished.forEach(end);
    for (const job of ended) {
      killed += 1;
      job.kills += 1;
      if (job.kills >= MOST_ATTEMPTS) {
        lost += 1;
        end(job);
      } else {
        // Its caller submits it again, at once.
        feed.ended(job);
        feed.submit(job, now);
      }
    }
    fleet.work(feed.queue, now);
    computed ||= fleet.computing;
  };
  const tick = (): void => {
    for (const job of feed.expired(now - REQUEST_TTL_SECONDS)) {
      lost += 1;
      end(job);
    }
    feed.sweep(now);
    fleet.work(feed.queue, now);
    computed ||= fleet.computing;
    autoscaler.minute(metricsOf(fleet, feed, now, assumptions, computed), now, fleet.starting(now));
    fleet.resize(autoscaler.desired, now, false);
    samples.push({ at: now, ...fleet.counts(now), backlog: feed.unfinished });
    computed = fleet.computing;
    nextTick += 60;
  };

  while (waits.length < jobs.length || now < trace.horizonSeconds) {
    const arrival = jobs[arrived];
    now = Math.min(arrival?.arrival ?? Infinity, fleet.next(now), nextTick);
    step();
    while (jobs[arrived] !== undefined && (jobs[arrived]?.arrival ?? Infinity) <= now) {
      const job = jobs[arrived];
      if (job) feed.submit({ ...job }, now);
      arrived += 1;
    }
    fleet.work(feed.queue, now);
    if (now >= nextTick) tick();
  }
  return {
    waits,
    instanceSeconds: fleet.paidSeconds(now),
    killed,
    lost,
    meanQueue: feed.meanQueue,
    endedAt: now,
    samples,
  };
}

function metricsOf(
  fleet: Fleet,
  feed: JobFeed,
  now: number,
  { backlogCounts }: Assumptions,
  computed: boolean,
): MinuteOfMetrics {
  const { serving } = fleet.counts(now);
  const backlog = feed.queue.length + (backlogCounts === "all" ? fleet.inFlight : 0);
  return {
    ApproximateBacklogSize: backlog,
    ApproximateBacklogSizePerInstance: backlog / Math.max(serving, 1),
    ApproximateAgeOfOldestRequest: feed.queue[0] === undefined ? 0 : now - feed.queue[0].sentAt,
    HasBacklogWithoutCapacity: feed.queue.length > 0 && serving === 0 ? 1 : 0,
    // Hosts exist only while instances run.
    GPUUtilization: serving === 0 ? undefined : computed ? 100 : 0,
    CPUUtilization: serving === 0 ? undefined : 50,
    [HOSTS]: serving === 0 ? undefined : serving,
  };
}
