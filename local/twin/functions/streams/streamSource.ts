import { messageOf } from "../../errors.js";
import { EventSource, failedItems, type SourceServices, type SourceSettings } from "../eventSource.js";
import { MAX_PAYLOAD_BYTES } from "../result.js";
import { deliverBatch, type Delivered, type RetryRules } from "./batchDelivery.js";
import { eventOf, type GivenUp, type SendGivenUp } from "./failureDestination.js";
import type { Filter } from "./filterCriteria.js";
import type { StartingPosition, Stream, StreamRecord } from "./stream.js";

/** A connection of a stream with a function. */
export interface StreamSourceSettings extends SourceSettings, RetryRules {
  readonly startingPosition: StartingPosition;
  /** How long Lambda collects records, in ms, unless a batch is full before. */
  readonly windowMs: number;
}

export interface StreamSourceParts {
  readonly stream: Stream;
  readonly filter: Filter;
  /** Undefined: records that are given up are lost, as in AWS. */
  readonly destination: SendGivenUp | undefined;
}

/** How often Lambda reads a shard, in ms: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
const POLL_MS = 1_000;

/** Most bytes of the records of one event, without the brackets around them. */
const MAX_BATCH_BYTES = MAX_PAYLOAD_BYTES - 64;

/**
 * Reads a stream and calls a function with batches of its records, each shard in its order: a shard waits until every
 * record of a batch is handled or given up. Shards are those that the stream has at the start.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 */
export class StreamSource extends EventSource {
  constructor(
    override readonly settings: StreamSourceSettings,
    private readonly parts: StreamSourceParts,
    private readonly services: SourceServices,
  ) {
    super();
  }

  protected override async run(): Promise<void> {
    const shards = await this.untilRead(() => this.parts.stream.shards());
    await Promise.all((shards ?? []).map((shard) => this.readShard(shard)));
  }

  private async readShard(shardId: string): Promise<void> {
    const { stream, filter } = this.parts;
    const { startingPosition } = this.settings;
    const buffer: StreamRecord[] = [];
    let since = 0;
    let iterator = await this.untilRead(() => stream.iterator(shardId, startingPosition));
    while (iterator !== undefined && !this.stopping.signal.aborted) {
      const from: string = iterator;
      const page = await this.untilRead(() => stream.read(from));
      if (page === undefined) return;
      iterator = page.next;
      const passed = page.records.filter((record) => filter(record.filtered));
      if (buffer.length === 0) since = this.services.clock.now();
      buffer.push(...passed);
      while (this.isDue(buffer, since)) {
        await this.handle(buffer.splice(0, this.batchLength(buffer)), shardId);
        since = this.services.clock.now();
      }
      if (page.records.length === 0 && !(await this.wait(POLL_MS))) return;
    }
  }

  /** Whether a batch is full, or collected for long enough. */
  private isDue(buffer: readonly StreamRecord[], since: number): boolean {
    if (buffer.length === 0 || this.stopping.signal.aborted) return false;
    const isFull = buffer.length >= this.settings.batchSize || this.batchLength(buffer) < buffer.length;
    return isFull || this.services.clock.now() - since >= this.settings.windowMs;
  }

  /** Number of records in the next event: at most the batch size, and at most the size of an event. */
  private batchLength(buffer: readonly StreamRecord[]): number {
    let bytes = 0;
    const first = buffer.slice(0, this.settings.batchSize).findIndex(({ event }, index) => {
      bytes += Buffer.byteLength(JSON.stringify(event)) + 1;
      return index > 0 && bytes > MAX_BATCH_BYTES;
    });
    return first < 0 ? Math.min(buffer.length, this.settings.batchSize) : first;
  }

  private handle(batch: readonly StreamRecord[], shardId: string): Promise<void> {
    return deliverBatch(batch, this.settings, {
      deliver: (records) => this.deliver(records),
      giveUp: (givenUp) => this.giveUp(givenUp, shardId),
      now: () => this.services.clock.now(),
      wait: (ms) => this.wait(ms),
    });
  }

  private async deliver(records: readonly StreamRecord[]): Promise<Delivered> {
    const { functionName, reportsFailures } = this.settings;
    const ids = records.map(({ sequenceNumber }) => sequenceNumber);
    try {
      const result = await this.services.invoke(functionName, Buffer.from(eventOf(records)));
      const failed = failedItems(result, ids, reportsFailures);
      if (failed !== "all" && failed.size === 0) return { kind: "handled" };
      return { kind: "failed", functionFailed: result.failed, sequenceNumbers: failed };
    } catch (error) {
      this.services.onFailure(`${functionName} could not be called: ${messageOf(error)}`);
      return { kind: "not-called" };
    }
  }

  private async giveUp(givenUp: GivenUp, shardId: string): Promise<void> {
    const { id: sourceId, sourceArn: streamArn, functionName } = this.settings;
    this.services.onFailure(
      `${functionName} failed for ${givenUp.records.length} records of a stream, which are given up: ${givenUp.condition}.`,
    );
    const { batchInfo } = this.parts.stream;
    const origin = { sourceId, streamArn, shardId, functionName, batchInfo };
    await this.untilRead(async () => this.parts.destination?.(givenUp, origin, new Date(this.services.clock.now())));
  }

  /** Repeats a request until it succeeds; undefined once the source is stopped. */
  private async untilRead<Answer>(request: () => Promise<Answer>): Promise<Answer | undefined> {
    while (!this.stopping.signal.aborted) {
      try {
        return await request();
      } catch (error) {
        this.services.onFailure(`The stream of ${this.settings.functionName} failed: ${messageOf(error)}`);
        await this.wait(POLL_MS);
      }
    }
    return undefined;
  }

  /** Waits; false once the source is stopped. */
  private async wait(ms: number): Promise<boolean> {
    const { signal } = this.stopping;
    await new Promise<void>((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const ended = (): void => {
        cancel();
        signal.removeEventListener("abort", ended);
        resolve();
      };
      const cancel = this.services.clock.after(ms, ended);
      signal.addEventListener("abort", ended);
    });
    return !signal.aborted;
  }
}
