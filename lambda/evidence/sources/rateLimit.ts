import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { awsCall } from "../../shared/awsCall.js";
import { unlessConditionFailed } from "../../shared/conditionalWrite.js";
import { SourceError } from "./sourceError.js";

/** How often a source may be asked, by all functions together. */
export interface Rate {
  /** Sources with the same bucket share its rate, such as those behind one server. */
  readonly bucket: string;
  readonly perSecond: number;
  /** Requests that may be sent at once after a pause. */
  readonly burst: number;
}

/** Longest time that requests to one bucket may be queued, in milliseconds. */
const LONGEST_QUEUE_MS = 60_000;

/** Longest time that a source can hold all requests with Retry-After, in milliseconds. */
const LONGEST_HOLD_MS = 600_000;

/** Buckets that nobody used for so long are deleted, in seconds. */
const KEPT_SECONDS = 86_400;

/** Attempts to change a bucket that others change at the same time. */
const TRIES = 20;

/** Limits how often a source is asked. */
export interface RateLimit {
  /**
   * Waits until a request may be sent.
   *
   * @param deadline time in milliseconds since 1970 after which waiting makes no sense
   * @throws SourceError if the turn would come too late
   */
  take(rate: Rate, deadline: number): Promise<void>;
  /** Lets nobody ask before a time, because the source said so. */
  hold(rate: Rate, until: number): Promise<void>;
}

interface Timing {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * One token bucket for all functions: an item with the time at which the bucket is empty again. A request moves that time
 * by its share with one conditional update, and so has its turn without waiting for a lock.
 */
export class SharedRateLimit implements RateLimit {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly table: string,
    private readonly timing: Timing,
  ) {}

  async take(rate: Rate, deadline: number): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const now = this.timing.now();
      const turn = (await this.queued(rate, now)) ?? (await this.afterPause(rate, now));
      if (turn !== undefined) {
        await waitUntil(turn, deadline, this.timing);
        return;
      }
      if ((await this.emptyUntil(rate)) > now + LONGEST_QUEUE_MS) throw tooMany();
    }
    throw tooMany();
  }

  async hold(rate: Rate, until: number): Promise<void> {
    const now = this.timing.now();
    const update = new UpdateCommand({
      TableName: this.table,
      Key: { id: idOf(rate) },
      UpdateExpression: "SET next_ms = :until, expires_at = :expires",
      ConditionExpression: "attribute_not_exists(next_ms) OR next_ms < :until",
      ExpressionAttributeValues: {
        ":until": Math.min(until, now + LONGEST_HOLD_MS),
        ":expires": Math.ceil(now / 1_000) + KEPT_SECONDS,
      },
    });
    await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.documents.send(update)));
  }

  /** A turn in a bucket that is in use; undefined if it is not, or its queue is too long. */
  private async queued(rate: Rate, now: number): Promise<number | undefined> {
    const update = new UpdateCommand({
      TableName: this.table,
      Key: { id: idOf(rate) },
      UpdateExpression: "SET next_ms = next_ms + :interval, expires_at = :expires",
      ConditionExpression: "next_ms > :full AND next_ms <= :latest",
      ExpressionAttributeValues: {
        ":interval": intervalOf(rate),
        ":full": now - burstMs(rate),
        ":latest": now + LONGEST_QUEUE_MS,
        ":expires": Math.ceil(now / 1_000) + KEPT_SECONDS,
      },
      ReturnValues: "UPDATED_NEW",
    });
    const written = await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.documents.send(update)));
    return written && Number(written.Attributes?.["next_ms"]) - intervalOf(rate);
  }

  /** A turn in a bucket that is full: it starts anew. Undefined if it is not full. */
  private async afterPause(rate: Rate, now: number): Promise<number | undefined> {
    const full = now - burstMs(rate);
    const update = new UpdateCommand({
      TableName: this.table,
      Key: { id: idOf(rate) },
      UpdateExpression: "SET next_ms = :next, expires_at = :expires",
      ConditionExpression: "attribute_not_exists(next_ms) OR next_ms <= :full",
      ExpressionAttributeValues: {
        ":next": full + intervalOf(rate),
        ":full": full,
        ":expires": Math.ceil(now / 1_000) + KEPT_SECONDS,
      },
    });
    const written = await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.documents.send(update)));
    return written && full;
  }

  private async emptyUntil(rate: Rate): Promise<number> {
    const get = new GetCommand({ TableName: this.table, Key: { id: idOf(rate) }, ConsistentRead: true });
    const { Item } = await awsCall("dynamodb:GetItem", this.documents.send(get));
    return (Item as { readonly next_ms?: number } | undefined)?.next_ms ?? 0;
  }
}

/** The same for one process, without a table. */
export class OwnRateLimit implements RateLimit {
  private readonly next = new Map<string, number>();

  constructor(private readonly timing: Timing) {}

  async take(rate: Rate, deadline: number): Promise<void> {
    const now = this.timing.now();
    const turn = Math.max(this.next.get(rate.bucket) ?? 0, now - burstMs(rate));
    if (turn > now + LONGEST_QUEUE_MS) throw tooMany();
    this.next.set(rate.bucket, turn + intervalOf(rate));
    await waitUntil(turn, deadline, this.timing);
  }

  hold(rate: Rate, until: number): Promise<void> {
    this.next.set(rate.bucket, Math.max(this.next.get(rate.bucket) ?? 0, until));
    return Promise.resolve();
  }
}

function idOf(rate: Rate): string {
  return `rate/${rate.bucket}`;
}

/** Whole milliseconds, never fewer than the rate allows. */
function intervalOf({ perSecond }: Rate): number {
  return Math.ceil(1_000 / perSecond);
}

function burstMs(rate: Rate): number {
  return (rate.burst - 1) * intervalOf(rate);
}

async function waitUntil(turn: number, deadline: number, { now, sleep }: Timing): Promise<void> {
  if (turn >= deadline) throw tooMany();
  const wait = turn - now();
  if (wait > 0) await sleep(wait);
}

function tooMany(): SourceError {
  return new SourceError(
    "unavailable",
    "its turn would come too late: many requests wait for it, or it asked for a pause",
  );
}
