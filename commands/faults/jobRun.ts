import { LambdaClient } from "@aws-sdk/client-lambda";
import { ToolsClient } from "../../client/tools.js";
import { LONGEST_JOB_SECONDS } from "../../contract/limits.js";
import type { SkippingClock } from "../../local/twin/skippingClock.js";
import type { Twin } from "../../local/twin/start.js";
import { distinctProteins } from "../bench/random.js";
import { FaultEvents, SWEEP_SECONDS } from "./faultEvents.js";
import type { FaultPlan } from "./faultPlan.js";
import { inParallel } from "../inParallel.js";
import type { IndependentRecord } from "./independentRecord.js";
import type { Injector } from "./injector.js";
import { QuietTwin } from "./quietTwin.js";
import { ResilientTools } from "./resilientTools.js";
import type { FaultRun, FaultRunOptions } from "./faultRun.js";

/** Callers at the same time; shares of jobs that are submitted twice at once, and again later. */
const CALLERS = 6;
const TWICE = 0.15;
const AGAIN = 0.1;

/** Jobs between two events. */
const WAVE = { parts: 10, least: 6 };

/** Residues of the shortest and the longest protein. */
const RESIDUES = [8, 24] as const;

/** A time after which a job is late for the sweeper, in seconds. */
const LATE_SECONDS = 200;

/** Rounds after the last fault, each of which skips time; far more than needed. Nobody asks for a job in the first ones. */
const ROUNDS = 12;
const SILENT_ROUNDS = 2;

export interface RunParts {
  readonly twin: Twin;
  readonly clock: SkippingClock;
  readonly plan: FaultPlan;
  readonly record: IndependentRecord;
  readonly injector: Injector;
}

/** The callers of one run: they submit jobs in waves, and ask for all of them at the end. */
export class JobRun {
  readonly tools: ResilientTools;
  private readonly quiet: QuietTwin;
  private readonly events: FaultEvents;
  private readonly proteins: readonly string[];

  constructor(
    private readonly options: FaultRunOptions,
    private readonly parts: RunParts,
  ) {
    const { twin, clock, injector } = parts;
    const functionName = String(twin.outputs["lambdaFunctionName"]);
    this.tools = new ResilientTools(new ToolsClient(new LambdaClient(twin.clientConfig), functionName));
    this.quiet = new QuietTwin(twin, clock, injector);
    this.events = new FaultEvents({ ...parts, quiet: this.quiet });
    this.proteins = distinctProteins(options.jobs, options.seed, RESIDUES);
  }

  /** Runs all waves. @returns the messages about unknown jobs, and the dead letters */
  async all(): Promise<FaultRun["unknown"]> {
    const { quiet, events, proteins, parts } = this;
    await quiet.shortenVisibility();
    const size = Math.max(Math.ceil(proteins.length / WAVE.parts), WAVE.least);
    const around = events.all();
    for (let start = 0, wave = 0; start < proteins.length; start += size, wave++) {
      const event = around[wave % around.length];
      this.report(`Jobs ${start + 1} to ${Math.min(start + size, proteins.length)}: ${event?.name ?? ""}`);
      await event?.before?.();
      await this.submitAll(proteins.slice(start, start + size), proteins.slice(0, start));
      await event?.after?.();
      await quiet.skip(SWEEP_SECONDS);
    }
    parts.plan.end();
    parts.injector.endOutage();
    await parts.injector.deliverHeld();
    await this.settle();
    return { sent: events.unknownSent, deadLetters: await quiet.deadLetters() };
  }

  private async submitAll(proteins: readonly string[], earlier: readonly string[]): Promise<void> {
    const { plan } = this.parts;
    await inParallel(proteins, CALLERS, async (sequence) => {
      const times = plan.number(`twice/${sequence}`) < TWICE ? 2 : 1;
      await Promise.all(Array.from({ length: times }, () => this.submit(sequence)));
    });
    const again = earlier.filter((sequence) => plan.number(`again/${earlier.length}/${sequence}`) < AGAIN / WAVE.parts);
    await inParallel(again, CALLERS, (sequence) => this.submit(sequence));
  }

  private async submit(sequence: string): Promise<void> {
    const job = await this.tools.submit(sequence, `protein of ${sequence.length}`);
    if (job) this.parts.record.accept(job.output_id, sequence);
  }

  /** Lets the recorder and the sweeper do their work, and then asks for every job. */
  private async settle(): Promise<void> {
    const { quiet } = this;
    const { record } = this.parts;
    const open = new Set(record.accepted.keys());
    for (let round = 0; round < ROUNDS && open.size > 0; round++) {
      await quiet.everything();
      await quiet.skip(round % 3 === 2 ? LONGEST_JOB_SECONDS + LATE_SECONDS : LATE_SECONDS);
      await quiet.everything();
      if (round < SILENT_ROUNDS) continue;
      this.report(`Asking for ${open.size} jobs.`);
      await inParallel([...open], CALLERS, async (id) => {
        const answer = await this.tools.results(id);
        record.end(id, answer);
        if (answer !== undefined && answer.status !== "in_progress") open.delete(id);
      });
    }
  }

  private report(message: string): void {
    this.options.onProgress?.(message);
  }
}
