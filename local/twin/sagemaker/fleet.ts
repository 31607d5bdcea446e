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
  /** Starts a model server and waits until it is ready. */
  readonly launch: () => Promise<ModelServer>;
  /** 0 starts without an instance, and goes back to that after a time without work. */
  readonly minCapacity: number;
  /** Milliseconds of backlog without an instance before one is started. */
  readonly wakeMs: number;
  /** Milliseconds without work before the last instance is stopped. */
  readonly idleMs: number;
  /** Called when an instance has become ready or has gone, with what there is to say about it. */
  readonly onChange: (event: string) => void;
}

/** Waits before a failed start is tried again: doubling from the first to the last, in ms. */
const RETRY_MS = { first: 1000, last: 60_000 };

/** The instances of an endpoint: none or one, since a second model server on one machine takes from the first. */
export class Fleet {
  private server: ModelServer | undefined;
  private launching = false;
  private failures = 0;
  private stopped = false;
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly options: FleetOptions) {}

  /** Instances that can take work: 0 or 1. */
  get ready(): number {
    return this.server ? 1 : 0;
  }

  /** Instances that there are to be: 0 or 1. */
  get desired(): number {
    return this.server || this.launching || this.options.minCapacity > 0 ? 1 : 0;
  }

  /** The model server to send work to. */
  get instance(): ModelServer | undefined {
    return this.server;
  }

  /**
   * Starts the first instance, unless the endpoint may stand at zero.
   *
   * @throws TwinError where the model server does not become ready
   */
  async start(): Promise<void> {
    if (this.options.minCapacity > 0) await this.launch();
  }

  /** Tells the fleet how much work there is, so that it wakes, or falls asleep some time after the last job. */
  observe(work: number): void {
    if (this.stopped || this.launching) return;
    const { clock, idleMs, wakeMs, minCapacity } = this.options;
    if (work > 0 && this.server) this.setTimer(undefined);
    else if (work > 0) this.cancelTimer ??= clock.after(wakeMs, () => void this.tryLaunch());
    else if (this.server && minCapacity === 0) this.setTimer(clock.after(idleMs, () => void this.sleep()));
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
  }

  private async tryLaunch(): Promise<void> {
    try {
      await this.launch();
    } catch (error) {
      if (this.stopped) return;
      this.options.onChange(`The model server did not start and will be tried again: ${messageOf(error)}`);
      this.retry();
    }
  }

  private retry(): void {
    const delay = Math.min(RETRY_MS.first * 2 ** this.failures++, RETRY_MS.last);
    this.setTimer(this.options.clock.after(delay, () => void this.tryLaunch()));
  }

  private async sleep(): Promise<void> {
    const { server } = this;
    this.setTimer(undefined);
    this.server = undefined;
    this.options.onChange("The model server was idle and is stopped; the next job starts it again.");
    await server?.stop();
  }

  /** An instance that goes by itself is replaced, as SageMaker replaces one that fails its health check. */
  private lost(server: ModelServer, exit: Exit): void {
    if (this.server !== server || this.stopped) return;
    this.server = undefined;
    this.options.onChange(
      `The model server ended (${exit.signal ?? `exit code ${exit.code ?? "unknown"}`}) and is replaced.`,
    );
    this.retry();
  }
}
