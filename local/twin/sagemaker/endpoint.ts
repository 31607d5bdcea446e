import { arnOf } from "../account.js";
import type { Clock } from "../clock.js";
import { messageOf } from "../errors.js";
import { Fleet, type ModelServer } from "./fleet.js";
import type { AsyncInvocation } from "./invocation.js";
import { newJob, withoutAnswer, type Job, type Outcome } from "./job.js";
import { invokeModel } from "./model.js";
import { notificationOf } from "./notification.js";
import { AsyncQueue } from "./queue.js";

/** A SageMaker model. */
export interface ModelSettings {
  readonly name: string;
  readonly image: string;
  /** Environment variables of the container. */
  readonly environment: Readonly<Record<string, string>>;
  readonly executionRoleArn: string;
}

/** Settings of an endpoint, its endpoint configuration, its model and its scalable target. */
export interface EndpointSettings {
  readonly name: string;
  readonly configName: string;
  readonly variantName: string;
  readonly instanceType: string;
  readonly model: ModelSettings;
  readonly outputPath: string;
  readonly failurePath: string;
  readonly successTopic?: string;
  readonly errorTopic?: string;
  /** Number of concurrent jobs of one instance. */
  readonly concurrency: number;
  /** Smallest number of instances: 0 or 1. */
  readonly minCapacity: number;
}

/** S3 and SNS as an endpoint uses them. */
export interface EndpointStore {
  read(location: string): Promise<Buffer>;
  write(location: string, body: Buffer, contentType: string): Promise<void>;
  publish(topicArn: string, message: object): Promise<void>;
}

export interface EndpointOptions {
  readonly clock: Clock;
  readonly store: EndpointStore;
  readonly launch: () => Promise<ModelServer>;
  /** Time of backlog without an instance before one is started, in ms. */
  readonly wakeMs: number;
  /** Time without work before the only instance is stopped, in ms. */
  readonly idleMs: number;
  /** Called with one sentence for each event that the user should know. */
  readonly onEvent: (event: string) => void;
}

/** An asynchronous endpoint: a queue in front of a model server that is started and stopped as needed. */
export class AsyncEndpoint {
  readonly arn: string;
  readonly createdAt: number;
  /** A status other than that of its instances, such as `Failed`, with SageMaker's reason. Tests break an endpoint so. */
  broken: { readonly status: string; readonly reason: string } | undefined;
  private readonly queue: AsyncQueue;
  private readonly fleet: Fleet;

  constructor(
    readonly settings: EndpointSettings,
    private readonly options: EndpointOptions,
  ) {
    const { clock, launch, wakeMs, idleMs, onEvent } = options;
    this.arn = arnOf("sagemaker", `endpoint/${settings.name.toLowerCase()}`);
    this.createdAt = clock.now();
    this.fleet = new Fleet({
      clock,
      launch,
      wakeMs,
      idleMs,
      minCapacity: settings.minCapacity,
      onChange: (event) => {
        onEvent(event);
        this.refresh();
      },
    });
    this.queue = new AsyncQueue({
      clock,
      work: (job, signal) => this.work(job, signal),
      onOutcome: (job, outcome) => this.deliver(job, outcome),
      onChange: () => {
        this.refresh();
      },
    });
  }

  /** Current and desired number of instances, and number of waiting and running jobs. */
  get load(): { readonly ready: number; readonly desired: number; readonly waiting: number; readonly running: number } {
    const { queue, fleet } = this;
    return { ready: fleet.ready, desired: fleet.desired, waiting: queue.waiting, running: queue.running };
  }

  /** The model server that answers now; undefined if there is no instance. */
  get instance(): ModelServer | undefined {
    return this.fleet.instance;
  }

  /**
   * Starts the first instance, unless the endpoint starts with zero.
   *
   * @throws TwinError if the model server does not become ready
   */
  start(): Promise<void> {
    return this.fleet.start();
  }

  /** Accepts a job. The result names the locations of its answer and its failure. */
  invoke(invocation: AsyncInvocation): Job {
    const { outputPath, failurePath } = this.settings;
    const job = newJob(invocation, outputPath, failurePath, this.options.clock.now());
    this.queue.add(job);
    return job;
  }

  /** Moves the number of instances into new limits. An instance that ends takes the jobs with it that run on it. */
  limit(minCapacity: number, maxCapacity: number): void {
    this.fleet.limit(minCapacity, maxCapacity);
    this.refresh();
  }

  /** Aborts all jobs and ends the model server. */
  async stop(): Promise<void> {
    this.queue.stop();
    await this.fleet.stop();
  }

  private refresh(): void {
    this.fleet.observe(this.queue.waiting + this.queue.running);
    this.queue.setSlots(this.fleet.ready * this.settings.concurrency);
  }

  private async work(job: Job, signal: AbortSignal): Promise<Outcome> {
    const server = this.fleet.instance;
    if (!server) return withoutAnswer("Failed", "The instance ended before the job could start. Submit it again.");
    const { input } = job.invocation;
    let request: Buffer;
    try {
      request = "body" in input ? input.body : await this.options.store.read(input.location);
    } catch (error) {
      return withoutAnswer("Failed", `The request could not be read from its InputLocation: ${messageOf(error)}`);
    }
    return invokeModel(server, job, request, signal);
  }

  private async deliver(job: Job, outcome: Outcome): Promise<void> {
    const { store, clock, onEvent } = this.options;
    const { successTopic, errorTopic, name } = this.settings;
    const completed = outcome.status === "Completed";
    const topic = completed ? successTopic : errorTopic;
    try {
      await store.write(completed ? job.outputLocation : job.failureLocation, outcome.body, outcome.contentType);
      if (topic !== undefined) await store.publish(topic, notificationOf(name, job, outcome, clock.now()));
    } catch (error) {
      onEvent(`The outcome of job ${job.inferenceId} could not be stored or published: ${messageOf(error)}`);
    }
  }
}
