import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from "@aws-sdk/lib-dynamodb";
import { awsCall } from "./awsCall.js";
import { LEDGER_INDEXES, type JobState, type LedgerItem } from "../../contract/jobs.js";

/** The states that may precede each one within an attempt: a job only moves forward, and its end is its end. */
const EARLIER: Readonly<Record<JobState, readonly JobState[]>> = {
  submitting: [],
  in_progress: ["submitting"],
  completed: ["submitting", "in_progress"],
  failed: ["submitting", "in_progress"],
  expired: ["submitting", "in_progress"],
};

/** The most jobs that are counted to tell a place in the queue. */
const COUNTED_JOBS = 1_000;

/** What an advance may record beside the state. */
export type Advance = Partial<Pick<LedgerItem, "output_location" | "failure_location" | "completed_at" | "reason">>;

/** The job ledger: one item a job, every write conditional on the attempt it belongs to. */
export class JobLedger {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** The job as it stands now (a consistent read); undefined where there is none. */
  async read(outputId: string): Promise<LedgerItem | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: { output_id: outputId }, ConsistentRead: true });
    const { Item } = await awsCall("dynamodb:GetItem", this.#documents.send(get));
    return Item as LedgerItem | undefined;
  }

  /**
   * Records the beginning of an attempt.
   *
   * @param item the attempt, in state `submitting`
   * @param previous the attempt that it follows, as it was read; undefined for a job's first
   * @returns false where another call was first
   */
  async begin(item: LedgerItem, previous: LedgerItem | undefined): Promise<boolean> {
    const condition =
      previous === undefined
        ? { ConditionExpression: "attribute_not_exists(output_id)" }
        : {
            ConditionExpression: "attempt = :attempt AND #state = :state",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: { ":attempt": previous.attempt, ":state": previous.state },
          };
    const put = new PutCommand({ TableName: this.#table, Item: item, ...condition });
    return (await awsCall("dynamodb:PutItem", unlessOvertaken(this.#documents.send(put)))) !== undefined;
  }

  /**
   * Moves a job forward within its attempt.
   *
   * @param item the job as it was read
   * @param state the state it is now in
   * @param facts recorded beside the state
   * @returns the job as recorded, or undefined where the ledger is already that far, or at another attempt
   */
  async advance(item: LedgerItem, state: JobState, facts: Advance = {}): Promise<LedgerItem | undefined> {
    const changes = { state, ...facts };
    const earlier = EARLIER[state];
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: { output_id: item.output_id },
      UpdateExpression: `SET ${Object.keys(changes)
        .map((key) => `#${key} = :${key}`)
        .join(", ")}`,
      ConditionExpression: `attempt = :attempt AND #state IN (${earlier.map((_, index) => `:earlier${index}`).join(", ")})`,
      ExpressionAttributeNames: Object.fromEntries(Object.keys(changes).map((key) => [`#${key}`, key])),
      ExpressionAttributeValues: {
        ":attempt": item.attempt,
        ...Object.fromEntries(Object.entries(changes).map(([key, value]) => [`:${key}`, value])),
        ...Object.fromEntries(earlier.map((before, index) => [`:earlier${index}`, before])),
      },
      ReturnValues: "ALL_NEW",
    });
    const written = await awsCall("dynamodb:UpdateItem", unlessOvertaken(this.#documents.send(update)));
    return written?.Attributes as LedgerItem | undefined;
  }

  /**
   * Counts the jobs in progress that were submitted before a time, at most {@link COUNTED_JOBS}.
   *
   * @param since ISO 8601; older jobs are over, whatever the ledger says
   * @param before ISO 8601
   */
  async countInProgress(since: string, before: string): Promise<number> {
    const query = new QueryCommand({
      TableName: this.#table,
      IndexName: LEDGER_INDEXES.byState,
      KeyConditionExpression: "#state = :state AND submitted_at BETWEEN :since AND :before",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":state": "in_progress" satisfies JobState, ":since": since, ":before": before },
      Select: "COUNT",
      Limit: COUNTED_JOBS,
    });
    const { Count } = await awsCall("dynamodb:Query", this.#documents.send(query));
    return Count ?? 0;
  }
}

/** What a conditional write answers; undefined where its condition no longer holds. */
async function unlessOvertaken<Answer>(write: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
