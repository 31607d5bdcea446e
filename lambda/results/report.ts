import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

type Facts = Readonly<Record<string, string | number>>;

/** Logs and metrics of a function of the result store: never a sequence or a variant, only ids and counts. */
export class Report {
  readonly #logger: Logger;
  readonly #metrics: Metrics;

  /** @param service name of the service in logs and metrics */
  constructor(service: string) {
    this.#logger = new Logger({ serviceName: service });
    this.#metrics = new Metrics({ namespace: "AmplifyVep", serviceName: service });
  }

  info(message: string, facts: Facts): void {
    this.#logger.info(message, facts);
  }

  warn(message: string, facts: Facts): void {
    this.#logger.warn(message, facts);
  }

  /** Logs the name and message of an error, which is one of AWS or of the store itself. */
  error(message: string, error: unknown, facts: Facts): void {
    const { name, message: reason } = error instanceof Error ? error : new Error(String(error));
    this.#logger.error(message, { ...facts, fault: `${name}: ${reason}` });
  }

  /** Counts one more of a metric. */
  count(metric: string): void {
    this.#metrics.addMetric(metric, MetricUnit.Count, 1);
  }

  /** Writes the metrics to the log. */
  end(): void {
    if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
  }
}
