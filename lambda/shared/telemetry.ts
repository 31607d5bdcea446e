import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { Tracer } from "@aws-lambda-powertools/tracer";
import type { Context } from "aws-lambda";
import type { Instrument } from "./clients.js";
import type { Redact } from "./redaction.js";
import { sourceLines } from "./sourceLines.js";

const NAMESPACE = "AmplifyVep";

/** Dimension of the metrics that are counted by model version. */
const VERSION_DIMENSION = "model_version";

/** Fields of a log line: never a sequence, only its length and hash. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Counts jobs by outcome, as CloudWatch metrics in the log (embedded metric format). With the name of a model version, they
 * are also counted by version.
 */
export interface JobMeter {
  /** The endpoint accepted a job; `sequenceLength` in residues. */
  submitted(sequenceLength: number, version?: string): void;
  /** A submission was answered with a finished job. */
  cached(): void;
  /** A job was recorded as completed. */
  completed(version?: string): void;
  /** A job was recorded as failed or expired. */
  failed(version?: string): void;
}

/** Counts records of the stream of submissions by outcome. */
export interface RecordMeter {
  /** A record is a job now, or was one before. */
  accepted(): void;
  /** A record can never be a job. */
  refused(): void;
  /** A record is no job yet: it is delivered again. */
  failed(): void;
}

/** Unfinished jobs of the ledger, in numbers of jobs. */
export interface JobGauge {
  readonly waiting: number;
  readonly sent: number;
  readonly pastDeadline: number;
}

/** Logs, metrics and traces of a function. */
export class Telemetry {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #tracer: Tracer;

  /**
   * @param functionName a dimension of the metrics, in addition to the service's name
   * @param serviceName the service in logs, metrics and traces
   */
  constructor(
    functionName: string,
    serviceName:
      | "tools"
      | "recorder"
      | "sweeper"
      | "stream"
      | "fasta"
      | "scan"
      | "sources"
      | "workflow"
      | "alignment"
      | "retrieval"
      | "brake"
      | "models" = "tools",
  ) {
    const defaultDimensions = { function_name: functionName };
    this.#logger = new Logger({ serviceName });
    this.#metrics = new Metrics({ namespace: NAMESPACE, serviceName, defaultDimensions });
    // The AWS clients are traced: with HTTP requests traced too, each call would be in the trace twice.
    this.#tracer = new Tracer({ serviceName, captureHTTPsRequests: false });
  }

  /** Traces the calls of an AWS client. */
  readonly instrument: Instrument = (client) => this.#tracer.captureAWSv3Client(client);

  readonly meter: JobMeter = {
    submitted: (sequenceLength, version) => {
      this.#count("JobsSubmitted", version);
      this.#metrics.addMetric("SequenceLength", MetricUnit.Count, sequenceLength);
    },
    cached: () => {
      this.#count("JobsCached");
    },
    completed: (version) => {
      this.#count("JobsCompleted", version);
    },
    failed: (version) => {
      this.#count("JobsFailed", version);
    },
  };

  readonly records: RecordMeter = {
    accepted: () => {
      this.#count("RecordsAccepted");
    },
    refused: () => {
      this.#count("RecordsRefused");
    },
    failed: () => {
      this.#count("RecordsFailed");
    },
  };

  /** Records how many jobs are unfinished. Without any, nothing is recorded: CloudWatch bills a metric for its hours. */
  gauge({ waiting, sent, pastDeadline }: JobGauge): void {
    const gauges = { JobsWaiting: waiting, JobsSent: sent, JobsPastDeadline: pastDeadline };
    for (const [name, jobs] of Object.entries(gauges)) {
      if (jobs > 0) this.#metrics.addMetric(name, MetricUnit.Count, jobs);
    }
  }

  /** Starts a call: its log lines have the request's id. */
  begin(context: Context): void {
    this.#logger.addContext(context);
  }

  /** Runs a tool in its own trace segment. */
  async traced<Answer>(tool: string, work: () => Promise<Answer>): Promise<Answer> {
    if (!this.#tracer.isTracingEnabled()) return work();
    const answer = this.#tracer.provider.captureAsyncFunc(`## ${tool}`, async (segment) => {
      if (segment) this.#tracer.annotateColdStart();
      try {
        return await work();
      } catch (error) {
        // Only a flag, because an error's message can have residues in it.
        segment?.addErrorFlag();
        throw error;
      } finally {
        segment?.close();
      }
    });
    // The result of `work`; the provider returns it as unknown.
    return answer as Promise<Answer>;
  }

  info(message: string, facts: LogFacts = {}): void {
    this.#logger.info(message, { ...facts });
  }

  warn(message: string, facts: LogFacts = {}): void {
    this.#logger.warn(message, { ...facts });
  }

  /** Logs an error with its stack and causes; residues of the call's sequence are hidden. */
  error(message: string, error: unknown, redact: Redact): void {
    this.#logger.error(message, { fault: describeError(error, redact) });
  }

  /** Ends a call: writes its metrics to the log. */
  end(): void {
    if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
  }

  #count(name: string, version?: string): void {
    this.#metrics.addMetric(name, MetricUnit.Count, 1);
    if (version === undefined) return;
    this.#metrics.singleMetric().addDimension(VERSION_DIMENSION, version).addMetric(name, MetricUnit.Count, 1);
  }
}

interface ErrorDescription {
  readonly name: string;
  readonly stack: string;
  readonly aws_request_id?: string;
  readonly cause?: ErrorDescription;
}

/** The properties of an error that may be logged: other properties of SDK errors can have the request in them. */
function describeError(error: unknown, redact: Redact): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, stack: redact(String(error)) };
  const { requestId } = (error as { $metadata?: { requestId?: string } }).$metadata ?? {};
  return {
    name: error.name,
    stack: redact(sourceLines(error.stack ?? error.message)),
    ...(requestId !== undefined && { aws_request_id: requestId }),
    ...(error.cause !== undefined && { cause: describeError(error.cause, redact) }),
  };
}
