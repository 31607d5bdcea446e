import { z } from "zod";
import type { Clock } from "../clock.js";
import type { InvokeResult } from "./result.js";

/** What every connection of a queue or stream with a function has. */
export interface SourceSettings {
  readonly id: string;
  /** ARN of the queue or stream. */
  readonly sourceArn: string;
  readonly functionName: string;
  /** Most messages or records in one event. */
  readonly batchSize: number;
  /** Whether the function reports which items of a batch failed. */
  readonly reportsFailures: boolean;
}

/** What Lambda gives to a connection. */
export interface SourceServices {
  /**
   * Calls the function with an event.
   *
   * @throws AwsError `TooManyRequestsException` if the function is throttled
   */
  readonly invoke: (functionName: string, event: Buffer) => Promise<InvokeResult>;
  /** Called with one sentence for each batch that failed. */
  readonly onFailure: (message: string) => void;
  readonly clock: Clock;
}

/** A connection of a queue or stream with a function. */
export abstract class EventSource {
  abstract readonly settings: SourceSettings;
  protected readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  /** Starts to read. */
  start(): void {
    this.loop = this.run();
  }

  /** Stops reading; a batch that the function handles is finished first. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** Reads until `stopping`. */
  protected abstract run(): Promise<void>;
}

const batchResponse = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/**
 * The ids of the items that failed: all of them if the function failed. An answer of another form, or with the id of no
 * item of the batch, is a failure of them all.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function failedItems(
  { failed, payload }: Pick<InvokeResult, "failed" | "payload">,
  ids: readonly string[],
  reportsFailures: boolean,
): ReadonlySet<string> | "all" {
  if (failed) return "all";
  if (!reportsFailures) return new Set();
  const read = batchResponse.safeParse(parsed(payload));
  if (!read.success) return "all";
  const reported = (read.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return reported.every((id) => ids.includes(id)) ? new Set(reported) : "all";
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return payload;
  }
}
