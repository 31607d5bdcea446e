import { AwsError } from "../http.js";
import type { Processes } from "../processes/processes.js";
import { ExecutionEnvironment, type Ending, type FunctionSettings } from "./environment.js";
import type { Invocation } from "./runtimeApi.js";

/** Processes a function; Lambda would start hundreds, a laptop lets the others wait. */
const MAX_ENVIRONMENTS = 4;

/** How an invocation ended, and what it wrote. */
export interface Finished {
  readonly ending: Ending;
  readonly output: string;
  readonly logStream: string;
  readonly durationMs: number;
}

/** The execution environments of one function: warm ones are used again. */
export class FunctionPool {
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private requests = 0;

  constructor(
    private readonly settings: FunctionSettings,
    private readonly endpointUrl: string,
    private readonly processes: Processes,
  ) {}

  /**
   * Runs one event.
   *
   * @param prepare makes the invocation once an environment is there, so that waiting takes nothing from its time
   * @throws AwsError `TooManyRequestsException` beyond the function's reserved concurrency
   */
  async run(prepare: () => Invocation): Promise<Finished> {
    const { reservedConcurrency } = this.settings;
    if (reservedConcurrency !== undefined && this.requests >= reservedConcurrency) {
      throw new AwsError(429, "TooManyRequestsException", "Rate Exceeded.");
    }
    this.requests++;
    try {
      return await this.runIn(await this.acquire(), prepare());
    } finally {
      this.requests--;
    }
  }

  /** Ends every process. */
  async stop(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((environment) => environment.stop()));
  }

  private async runIn(environment: ExecutionEnvironment, invocation: Invocation): Promise<Finished> {
    const started = performance.now();
    try {
      const ending = await environment.invoke(invocation);
      const durationMs = performance.now() - started;
      // What the handler wrote came through another pipe than its answer, and may be read a turn later.
      await new Promise((resolve) => setImmediate(resolve));
      if (ending.kind === "response" || ending.kind === "error") this.idle.push(environment);
      else await environment.stop();
      return { ending, output: environment.takeOutput(), logStream: environment.logStream, durationMs };
    } finally {
      this.busy--;
      this.waiting.shift()?.();
    }
  }

  private async acquire(): Promise<ExecutionEnvironment> {
    if (this.busy >= MAX_ENVIRONMENTS) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.busy++;
    return this.idle.pop() ?? new ExecutionEnvironment(this.settings, this.endpointUrl, this.processes);
  }
}
