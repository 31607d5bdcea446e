import { LambdaClient } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ToolsClient } from "../../client/tools.js";
import { LONGEST_JOB_SECONDS, REQUEST_TTL_SECONDS } from "../../contract/limits.js";
import { SkippingClock } from "../../local/twin/skippingClock.js";
import { startTwin, type Twin } from "../../local/twin/start.js";
import { generator, randomProtein } from "../bench/random.js";
import { FaultPlan } from "./faultPlan.js";
import { inParallel } from "./inParallel.js";
import { IndependentRecord, type Counts } from "./independentRecord.js";
import { Injector } from "./injector.js";
import { QuietTwin } from "./quietTwin.js";
import { ResilientTools } from "./resilientTools.js";

export interface FaultRunOptions {
  /** Number of jobs. */
  readonly jobs: number;
  readonly seed: number;
  /** Folder of a checkpoint; only its description is used. */
  readonly modelDir: string;
  /** Called with one sentence for each part of the run. */
  readonly onProgress?: (message: string) => void;
}

export interface FaultRun {
  readonly counts: Counts;
  /** Jobs that were scored twice within the stated window. */
  readonly repeatedWithinWindow: number;
  /** Messages about unknown jobs that were sent, and messages in the dead-letter queue. */
  readonly unknown: { readonly sent: number; readonly deadLetters: number };
  /** Errors of the tools that no fault explains, by code. */
  readonly unexplained: ReadonlyMap<string, number>;
  /** Number of injected faults by kind. */
  readonly injected: ReadonlyMap<string, number>;
}

/** Callers at the same time; shares of jobs that are submitted twice at once, and again later. */
const CALLERS = 6;
const TWICE = 0.15;
const AGAIN = 0.1;

/** Jobs between two events. */
const WAVE = { parts: 10, least: 6 };

/** Residues of the shortest and the longest protein. */
const RESIDUES = [8, 24] as const;

/** Time between two sweeps, and a time after which a job is late, in seconds. */
const SWEEP_SECONDS = 61;
const LATE_SECONDS = 200;

/** Rounds after the last fault, each of which skips time; far more than needed. */
const ROUNDS = 12;

/** Sends jobs through the twin while faults are injected, and finds out what became of each. */
export async function runFaults(options: FaultRunOptions): Promise<FaultRun> {
  const plan = new FaultPlan(options.seed);
  const record = new IndependentRecord();
  const clock = new SkippingClock();
  let prefix = "";
  const injector = new Injector(plan, record, () => `${prefix}-recorder`);
  const { launch, request, handled, invocation, invoked, store } = injector;
  const faults = { request, handled, invocation, invoked, store };
  const twin = await startTwin({
    modelDir: options.modelDir,
    config: { minCapacity: "0" },
    clock,
    launch,
    faults,
  });
  try {
    prefix = String(twin.outputs["resourcePrefix"]);
    return await new Run(options, twin, clock, { plan, record, injector }).all();
  } finally {
    await twin.stop();
  }
}

interface Parts {
  readonly plan: FaultPlan;
  readonly record: IndependentRecord;
  readonly injector: Injector;
}

class Run {
  private readonly tools: ResilientTools;
  private readonly quiet: QuietTwin;
  private readonly sns: SNSClient;
  private readonly proteins: readonly string[];
  private unknownSent = 0;

  constructor(
    private readonly options: FaultRunOptions,
    private readonly twin: Twin,
    private readonly clock: SkippingClock,
    private readonly parts: Parts,
  ) {
    const functionName = String(twin.outputs["lambdaFunctionName"]);
    this.tools = new ResilientTools(new ToolsClient(new LambdaClient(twin.clientConfig), functionName));
    this.quiet = new QuietTwin(twin, parts.injector);
    this.sns = new SNSClient(twin.clientConfig);
    this.proteins = distinctProteins(options.jobs, options.seed);
  }

  async all(): Promise<FaultRun> {
    const { plan, record, injector } = this.parts;
    await this.quiet.shortenVisibility();
    const size = Math.max(Math.ceil(this.proteins.length / WAVE.parts), WAVE.least);
    const events = this.events();
    for (let start = 0, wave = 0; start < this.proteins.length; start += size, wave++) {
      const event = events[wave % events.length];
      this.report(`Jobs ${start + 1} to ${Math.min(start + size, this.proteins.length)}: ${event?.name ?? ""}`);
      await event?.before?.();
      await this.submitAll(this.proteins.slice(start, start + size));
      await event?.after?.();
      await this.skip(SWEEP_SECONDS);
    }
    plan.end();
    injector.endOutage();
    await injector.deliverHeld();
    await this.settle();
    return {
      counts: record.counts(),
      repeatedWithinWindow: record.repeated().filter(({ beyond }) => !beyond).length,
      unknown: { sent: this.unknownSent, deadLetters: await this.quiet.deadLetters() },
      unexplained: this.tools.unexplained,
      injected: plan.injected,
    };
  }

  /** What happens around each wave of jobs. */
  private events(): readonly { name: string; before?: () => unknown; after?: () => Promise<void> }[] {
    const { injector, plan } = this.parts;
    const soon = (): number => 200 + 800 * plan.number(`kill/${this.unknownSent}`);
    const kill = (): void => {
      setTimeout(() => {
        injector.killModel();
      }, soon()).unref();
    };
    return [
      { name: "the model server is killed", before: kill },
      {
        name: "no instance can be started, and the queue's time to live passes",
        before: async () => {
          await this.quiet.everything();
          injector.startOutage();
          await this.skip(SWEEP_SECONDS * 10);
        },
        after: async () => {
          await this.skip(REQUEST_TTL_SECONDS + SWEEP_SECONDS);
          injector.endOutage();
        },
      },
      {
        name: "the recorder restarts",
        before: () => {
          injector.restartRecorder();
        },
      },
      { name: "messages about unknown jobs arrive", after: () => this.publishUnknown() },
      {
        name: "the endpoint has scaled to zero",
        before: async () => {
          await this.quiet.everything();
          await this.skip(SWEEP_SECONDS * 10);
        },
      },
    ];
  }

  private async submitAll(proteins: readonly string[]): Promise<void> {
    const { plan } = this.parts;
    await inParallel(proteins, CALLERS, async (sequence) => {
      const times = plan.number(`twice/${sequence}`) < TWICE ? 2 : 1;
      await Promise.all(Array.from({ length: times }, () => this.submit(sequence)));
    });
    const again = this.proteins
      .slice(0, this.proteins.indexOf(proteins[0] ?? ""))
      .filter((sequence) => plan.number(`again/${proteins[0] ?? ""}/${sequence}`) < AGAIN / WAVE.parts);
    await inParallel(again, CALLERS, (sequence) => this.submit(sequence));
  }

  private async submit(sequence: string): Promise<void> {
    const job = await this.tools.submit(sequence, `protein of ${sequence.length}`);
    if (job) this.parts.record.accept(job.output_id, sequence);
  }

  private async publishUnknown(): Promise<void> {
    const [TopicArn] = this.twin.outputs["notificationTopicArns"] as string[];
    const time = new Date(this.clock.now()).toISOString();
    for (const digit of "123") {
      this.unknownSent += 1;
      this.parts.plan.count("message about an unknown job");
      const message = {
        eventTime: time,
        receivedTime: time,
        invocationStatus: "Completed",
        requestParameters: { endpointName: this.twin.outputs["endpointName"] },
        inferenceId: `00000000-0000-8000-8000-00000000000${digit}.1`,
      };
      await this.sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
    }
  }

  /** Lets the recorder and the sweeper do their work, and then asks for every job. */
  private async settle(): Promise<void> {
    const { record } = this.parts;
    const open = new Set(record.accepted.keys());
    for (let round = 0; round < ROUNDS && open.size > 0; round++) {
      await this.quiet.everything();
      await this.skip(round % 3 === 2 ? LONGEST_JOB_SECONDS + LATE_SECONDS : LATE_SECONDS);
      await this.quiet.everything();
      if (round < 2) continue;
      this.report(`Asking for ${open.size} jobs.`);
      await inParallel([...open], CALLERS, async (id) => {
        const answer = await this.tools.results(id);
        record.end(id, answer);
        if (answer !== undefined && answer.status !== "in_progress") open.delete(id);
      });
    }
  }

  private async skip(seconds: number): Promise<void> {
    await this.quiet.functions();
    this.clock.skip(seconds);
  }

  private report(message: string): void {
    this.options.onProgress?.(message);
  }
}

function distinctProteins(count: number, seed: number): string[] {
  const random = generator(seed);
  const [shortest, longest] = RESIDUES;
  const found = new Set<string>();
  while (found.size < count) {
    found.add(randomProtein(random, shortest + Math.floor(random() * (longest - shortest + 1))));
  }
  return [...found];
}
