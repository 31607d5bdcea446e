import type { ServiceCall, TwinFaults } from "../../local/twin/faults.js";

/** Requests to one service. */
export interface Requests {
  readonly count: number;
  /** Time until their answers, all together, in seconds. */
  readonly seconds: number;
}

const NONE: Requests = { count: 0, seconds: 0 };

/** Counts the requests to the services of a twin, and how long they take. Injects no fault. */
export class ServiceLog implements TwinFaults {
  private readonly known = new Map<string, Requests>();
  private readonly started = new WeakMap<ServiceCall, number>();

  readonly request = (call: ServiceCall): undefined => {
    this.started.set(call, performance.now());
  };

  readonly handled = (call: ServiceCall): void => {
    const seconds = (performance.now() - (this.started.get(call) ?? performance.now())) / 1_000;
    for (const name of [call.service, `${call.service} ${call.operation.split("/", 1)[0]?.trim() ?? ""}`]) {
      const { count, seconds: before } = this.of(name);
      this.known.set(name, { count: count + 1, seconds: before + seconds });
    }
  };

  /** Requests to a service, such as `dynamodb`, or of one operation, such as `dynamodb Query` or `s3 PUT`. */
  of(name: string): Requests {
    return this.known.get(name) ?? NONE;
  }

  /** All services and operations, the one that took longest first. */
  all(): readonly (Requests & { readonly name: string })[] {
    return [...this.known].map(([name, requests]) => ({ name, ...requests })).sort((a, b) => b.seconds - a.seconds);
  }

  /** Forgets all requests so far. */
  reset(): void {
    this.known.clear();
  }
}
