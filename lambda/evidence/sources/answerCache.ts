import { randomUUID } from "node:crypto";
import { UpdateCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { awsCall } from "../../shared/awsCall.js";
import { unlessConditionFailed } from "../../shared/conditionalWrite.js";
import {
  AnswerItems,
  idOf,
  PARTS_LONGER_SECONDS,
  seconds,
  type AnswerKey,
  type Head,
  type Kept,
} from "./answerItems.js";
import { SourceError } from "./sourceError.js";

/** How long one call may ask a source before another one does it again, in milliseconds. */
const FLIGHT_MS = 90_000;

/** Wait before looking again whether another call has the answer, in milliseconds. */
const POLL_MS = 500;

/** How long it is kept that a source has no such entry, and that it did not answer, in seconds. */
const MISSING_SECONDS = 3_600;
const UNAVAILABLE_SECONDS = 30;
const LONGEST_UNAVAILABLE_SECONDS = 600;

/** How long an incomplete answer is kept, in seconds. */
const INCOMPLETE_SECONDS = 300;

/** Keeps answers of sources. */
export interface AnswerCache {
  /**
   * The kept answer, or that of `load`, which is then kept.
   *
   * @param ttlSeconds how long a complete answer is kept
   * @param deadline time in milliseconds since 1970 until which another call's answer is waited for
   * @throws SourceError that of `load`, now or a short time ago
   */
  through<Content extends object>(
    key: AnswerKey,
    ttlSeconds: number,
    deadline: number,
    load: () => Promise<Content>,
  ): Promise<Kept<Content>>;
}

interface Timing {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Keeps answers in a table, for all functions. Of several calls for the same answer, one asks the source. */
export class SharedAnswerCache implements AnswerCache {
  private readonly items: AnswerItems;

  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly table: string,
    private readonly timing: Timing,
  ) {
    this.items = new AnswerItems(documents, table, timing.now);
  }

  async through<Content extends object>(
    key: AnswerKey,
    ttlSeconds: number,
    deadline: number,
    load: () => Promise<Content>,
  ): Promise<Kept<Content>> {
    const id = idOf(key);
    for (;;) {
      const head = await this.freshHead(id);
      const kept = head && (await this.items.content<Content>(id, head));
      if (kept) return kept;
      const flight = randomUUID();
      if (await this.takeOff(id, flight, head?.generation)) return this.loaded(id, flight, ttlSeconds, load);
      if (this.timing.now() + POLL_MS >= deadline) {
        throw new SourceError("unavailable", "another call asks for the same, and had no answer in time");
      }
      await this.timing.sleep(POLL_MS);
    }
  }

  /** The item of a fresh answer; undefined if there is none. */
  private async freshHead(id: string): Promise<Head | undefined> {
    const head = await this.items.head(id);
    if (head?.fresh_until === undefined || head.fresh_until <= this.timing.now()) return undefined;
    const { status, reason, replaced_by: replacedBy } = head;
    if (status) throw new SourceError(status, reason ?? status, undefined, replacedBy);
    return head;
  }

  /**
   * Makes this call the one that asks.
   *
   * @param damaged id of the parts of a fresh answer that cannot be read
   * @returns false if another call asks, or has just had its answer
   */
  private async takeOff(id: string, flight: string, damaged = ""): Promise<boolean> {
    const now = this.timing.now();
    const update = new UpdateCommand({
      TableName: this.table,
      Key: { id },
      UpdateExpression: "SET flight = :flight, flight_until = :until, expires_at = :expires",
      ConditionExpression:
        "(attribute_not_exists(flight_until) OR flight_until <= :now) AND " +
        "(attribute_not_exists(fresh_until) OR fresh_until <= :now OR generation = :damaged)",
      ExpressionAttributeValues: {
        ":flight": flight,
        ":until": now + FLIGHT_MS,
        ":now": now,
        ":damaged": damaged,
        ":expires": seconds(now + FLIGHT_MS) + PARTS_LONGER_SECONDS,
      },
    });
    const written = await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.documents.send(update)));
    return written !== undefined;
  }

  private async loaded<Content extends object>(
    id: string,
    flight: string,
    ttlSeconds: number,
    load: () => Promise<Content>,
  ): Promise<Kept<Content>> {
    const now = this.timing.now();
    const retrievedAt = new Date(now).toISOString();
    try {
      const content = await load();
      const parts = await this.items.writeParts(id, flight, content, ttlSeconds);
      const kept = isIncomplete(content) ? Math.min(ttlSeconds, INCOMPLETE_SECONDS) : ttlSeconds;
      if (parts === undefined) await this.land(id, flight, {}, 0);
      else await this.land(id, flight, { generation: flight, parts, retrieved_at: retrievedAt }, kept);
      return { content, retrievedAt };
    } catch (error) {
      if (error instanceof SourceError) {
        const { status, reason, replacedBy } = error;
        const replaced = replacedBy.length > 0 && { replaced_by: replacedBy };
        await this.land(id, flight, { status, reason, ...replaced }, secondsWithout(error));
      } else {
        await this.land(id, flight, {}, 0);
      }
      throw error;
    }
  }

  /** Ends the flight with its answer, unless another call took over meanwhile. */
  private async land(
    id: string,
    flight: string,
    answer: Omit<Head, "fresh_until">,
    keptSeconds: number,
  ): Promise<void> {
    const now = this.timing.now();
    const values = { ...answer, fresh_until: now + keptSeconds * 1_000 };
    const gone = ["generation", "parts", "retrieved_at", "status", "reason", "replaced_by"].filter(
      (name) => !(name in answer),
    );
    const names = Object.keys(values);
    const update = new UpdateCommand({
      TableName: this.table,
      Key: { id },
      UpdateExpression:
        `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}, expires_at = :expires ` +
        `REMOVE flight, flight_until, ${gone.map((name) => `#${name}`).join(", ")}`,
      ConditionExpression: "flight = :flight",
      ExpressionAttributeNames: Object.fromEntries([...names, ...gone].map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
        ":flight": flight,
        ":expires": seconds(now) + keptSeconds + PARTS_LONGER_SECONDS / 2,
      },
    });
    await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.documents.send(update)));
  }
}

/** Keeps nothing: each call asks the source. */
export const NO_CACHE: AnswerCache = {
  through: async (_key, _ttlSeconds, _deadline, load) => {
    const retrievedAt = new Date().toISOString();
    return { content: await load(), retrievedAt };
  },
};

/** Whether an answer says that a part of it is missing. */
function isIncomplete(content: object): boolean {
  return "incomplete" in content && content.incomplete === true;
}

function secondsWithout({ status, retryAfterMs = 0 }: SourceError): number {
  if (status === "not found") return MISSING_SECONDS;
  return Math.min(Math.max(UNAVAILABLE_SECONDS, seconds(retryAfterMs)), LONGEST_UNAVAILABLE_SECONDS);
}
