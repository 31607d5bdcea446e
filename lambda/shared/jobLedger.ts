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

/** The states that can precede each state within an attempt: a job only moves forward, and a final state is final. */
const EARLIER: Readonly<Record<JobState, readonly JobState[]>> = {
  submitting: [],
  in_progress: ["submitting"],
  completed: ["submitting", "in_progress"],
  failed: ["submitting", "in_progress"],
  expired: ["submitting", "in_progress"],
};

/** Most jobs that are counted to find the place of a job in the queue. */
const COUNTED_JOBS = 1_000;

/** Attributes that `advance` can record with the state. */
export type Advance = Partial<Pick<LedgerItem, "output_location" | "failure_location" | "completed_at" | "reason">>;

/** The job ledger: one item per job. Every write has the condition that the job is still in the same attempt. */
export class JobLedger {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** The current item of a job (a consistent read); undefined if there is no such job. */
  async read(outputId: string): Promise<LedgerItem | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: { output_id: outputId }, ConsistentRead: true });
    const { Item } = await awsCall("dynamodb:GetItem", this.#documents.send(get));
    return Item as LedgerItem | undefined;
  }

  /**
   * Records the start of an attempt.
   *
   * @param item the attempt, in state `submitting`
   * @param previous the previous attempt, as it was read; undefined for a job's first attempt
   * @returns false if another call started an attempt first
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
    return (await awsCall("dynamodb:PutItem", unlessConditionFailed(this.#documents.send(put)))) !== undefined;
  }

  /**
   * Moves a job forward within its attempt.
   *
   * @param item the job as it was read
   * @param state the new state
   * @param facts attributes to record with the state
   * @returns the updated job; undefined if the job is already in this state or a later one, or in another attempt
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
    const written = await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.#documents.send(update)));
    return written?.Attributes as LedgerItem | undefined;
  }

  /**
   * Counts the jobs in progress that were submitted in a period, at most {@link COUNTED_JOBS}.
   *
   * @param since start of the period, ISO 8601
   * @param before end of the period, ISO 8601
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

/** The answer of a conditional write; undefined if its condition is no longer true. */
async function unlessConditionFailed<Answer>(write: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
