import { AwsError } from "../http.js";
import type { Processes } from "../processes/processes.js";
import { ExecutionEnvironment, type Ending, type FunctionSettings } from "./environment.js";
import type { Invocation } from "./runtimeApi.js";

/** Largest number of processes for each function; more invocations wait. */
const MAX_ENVIRONMENTS = 4;

/** The end and the output of one invocation. */
export interface Finished {
  readonly ending: Ending;
  readonly output: string;
  readonly logStream: string;
  readonly durationMs: number;
}

/** The execution environments of one function. Idle ones are reused. */
export class FunctionPool {
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private requests = 0;
  private stopped = false;

  constructor(
    private readonly settings: FunctionSettings,
    private readonly endpointUrl: string,
    private readonly processes: Processes,
  ) {}

  /**
   * Handles one event.
   *
   * @param prepare makes the invocation once an environment is free, so that waiting does not count towards its timeout
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

  /** Ends every process, those that work once they have ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.idle.splice(0).map((environment) => environment.stop()));
  }

  private async runIn(environment: ExecutionEnvironment, invocation: Invocation): Promise<Finished> {
    const started = performance.now();
    try {
      const ending = await environment.invoke(invocation);
      const durationMs = performance.now() - started;
      // The output arrives through another pipe than the answer, and may be read one turn of the event loop later.
      await new Promise((resolve) => setImmediate(resolve));
      const isReusable = !this.stopped && (ending.kind === "response" || ending.kind === "error");
      if (isReusable) this.idle.push(environment);
      else await environment.stop();
      return { ending, output: environment.takeOutput(), logStream: environment.logStream, durationMs };
    } catch (error) {
      // The twin stops, and starts no process: the server of the environment would keep this one from its end.
      await environment.stop();
      throw error;
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
