import type { Clock } from "../clock.js";
import { messageOf } from "../errors.js";
import type { Exit } from "../processes/processes.js";

/** A model server that answers `/ping`. */
export interface ModelServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly clock: Clock;
  /** Starts a model server; resolves once it is ready. */
  readonly launch: () => Promise<ModelServer>;
  /** Smallest number of instances. With 0 the fleet starts with none, and stops its instance after a time without work. */
  readonly minCapacity: number;
  /** Time of backlog without an instance before one is started, in ms. */
  readonly wakeMs: number;
  /** Time without work before the only instance is stopped, in ms. */
  readonly idleMs: number;
  /** Called with one sentence when an instance has become ready or has ended. */
  readonly onChange: (event: string) => void;
}

/** Delays before a failed start is tried again, doubled from the first to the last, in ms. */
const RETRY_MS = { first: 1000, last: 60_000 };

/** The instances of an endpoint: at most one, because two model servers would share the processors of this machine. */
export class Fleet {
  private server: ModelServer | undefined;
  private launching = false;
  private failures = 0;
  private stopped = false;
  private cancelTimer: (() => void) | undefined;
  private least: number;
  private most = 1;

  constructor(private readonly options: FleetOptions) {
    this.least = options.minCapacity;
  }

  /** Number of instances that are ready: 0 or 1. */
  get ready(): number {
    return this.server ? 1 : 0;
  }

  /** Desired number of instances: 0 or 1. */
  get desired(): number {
    return this.server || this.launching || this.least > 0 ? 1 : 0;
  }

  /** The model server that is ready; undefined if there is none. */
  get instance(): ModelServer | undefined {
    return this.server;
  }

  /**
   * Starts the first instance, unless the smallest number is 0.
   *
   * @throws TwinError if the model server does not become ready
   */
  async start(): Promise<void> {
    if (this.least > 0) await this.launch();
  }

  /** Starts an instance if there are jobs, or stops it some time after the last one. */
  observe(jobs: number): void {
    if (this.stopped || this.launching || this.most === 0) return;
    const { clock, idleMs, wakeMs } = this.options;
    if (jobs > 0 && this.server) this.setTimer(undefined);
    else if (jobs > 0) this.cancelTimer ??= clock.after(wakeMs, () => void this.tryLaunch());
    else if (this.server && this.least === 0) this.setTimer(clock.after(idleMs, () => void this.sleep()));
  }

  /** Changes the limits: starts an instance, or stops it, if the number of instances is outside of them. */
  limit(least: number, most: number): void {
    this.least = Math.min(least, 1);
    this.most = Math.min(most, 1);
    if (this.stopped) return;
    if (this.most === 0) void this.sleep();
    else if (this.least > 0 && !this.server && !this.launching) void this.tryLaunch();
  }

  /** Ends the model server. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.setTimer(undefined);
    await this.server?.stop();
  }

  private setTimer(cancel: (() => void) | undefined): void {
    this.cancelTimer?.();
    this.cancelTimer = cancel;
  }

  private async launch(): Promise<void> {
    this.setTimer(undefined);
    this.launching = true;
    try {
      this.adopt(await this.options.launch());
    } finally {
      this.launching = false;
    }
    this.failures = 0;
    if (!this.stopped) this.options.onChange("The model server is ready.");
  }

  private adopt(server: ModelServer): void {
    this.server = server;
    void server.exited.then((exit) => {
      this.lost(server, exit);
    });
    if (this.stopped) void server.stop();
    else if (this.most === 0) void this.sleep();
  }

  private async tryLaunch(): Promise<void> {
    try {
      await this.launch();
    } catch (error) {
      if (this.stopped) return;
      this.options.onChange(`The model server did not start; the twin will try again: ${messageOf(error)}`);
      this.retry();
    }
  }

  private retry(): void {
    if (this.most === 0) return;
    const delay = Math.min(RETRY_MS.first * 2 ** this.failures++, RETRY_MS.last);
    this.setTimer(this.options.clock.after(delay, () => void this.tryLaunch()));
  }

  private async sleep(): Promise<void> {
    const { server } = this;
    this.setTimer(undefined);
    if (!server) return;
    this.server = undefined;
    this.options.onChange(
      this.most === 0
        ? "The endpoint is limited to zero instances, and the model server is stopped."
        : "The model server was idle and is stopped; the next job starts it again.",
    );
    await server.stop();
  }

  /** Replaces an instance that ended by itself, as SageMaker replaces one that fails its health check. */
  private lost(server: ModelServer, exit: Exit): void {
    if (this.server !== server || this.stopped) return;
    this.server = undefined;
    this.options.onChange(
      `The model server ended (${exit.signal ?? `exit code ${exit.code ?? "unknown"}`}) and is replaced.`,
    );
    this.retry();
  }
}
