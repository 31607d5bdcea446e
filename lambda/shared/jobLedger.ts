import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from "@aws-sdk/lib-dynamodb";
import {
  EARLIER_STATES,
  LEDGER_INDEXES,
  labelKey,
  type JobState,
  type Label,
  type LedgerItem,
} from "../../contract/jobs.js";
import { awsCall } from "./awsCall.js";
import { unlessConditionFailed } from "./conditionalWrite.js";

/** Attributes that `advance` can record with the state. */
export type Advance = Partial<
  Pick<
    LedgerItem,
    "output_location" | "failure_location" | "completed_at" | "reason" | "sent_at" | "estimated_at" | "instances"
  >
>;

/** A place in a list of the ledger: keys of the last item before it. */
export interface Place {
  readonly output_id: string;
  readonly submitted_at: string;
}

/** One page of a list. */
export interface PageQuery {
  /** Most items. */
  readonly limit: number;
  /** Default: from the beginning. */
  readonly after?: Place | undefined;
  /** Default: newest first. */
  readonly oldestFirst?: boolean;
}

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
    return (await this.#get(outputId)) as LedgerItem | undefined;
  }

  /** The label of a submission; undefined if there is none. */
  async readLabel(submissionId: string): Promise<Label | undefined> {
    return (await this.#get(labelKey(submissionId))) as Label | undefined;
  }

  /** Records the label of a submission, with a copy for each tag. The same label again changes only its time. */
  async label(label: Omit<Label, "output_id" | "tag">): Promise<void> {
    const key = labelKey(label.submission_id);
    const copies = label.tags.map((tag, index) => ({ ...label, output_id: `${key}/${index}`, tag }));
    const puts = [{ ...label, output_id: key }, ...copies].map((Item) =>
      this.#documents.send(new PutCommand({ TableName: this.#table, Item })),
    );
    await awsCall("dynamodb:PutItem", Promise.all(puts));
  }

  /**
   * Records an attempt, which replaces what the job was.
   *
   * @param item the attempt, in state `waiting` or `submitting`
   * @param previous the previous attempt, as it was read; undefined for a job's first attempt
   * @returns false if another call changed the job first
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
    const earlier = EARLIER_STATES[state];
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

  /** Jobs in a state, in the order of submission. */
  async inState(state: JobState, page: PageQuery): Promise<LedgerItem[]> {
    return (await this.#query(LEDGER_INDEXES.byState, "state", state, page)) as unknown as LedgerItem[];
  }

  /**
   * Number of jobs in a state. DynamoDB reads all of them for it.
   *
   * @param mostPages pages of 1 MB that are read at most: with more jobs the number is too small
   */
  async countInState(state: JobState, mostPages: number): Promise<number> {
    let count = 0;
    let start: Record<string, unknown> | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const query: QueryCommand = new QueryCommand({
        ...queryOf(this.#table, LEDGER_INDEXES.byState, "state", state),
        Select: "COUNT",
        ExclusiveStartKey: start,
      });
      const { Count = 0, LastEvaluatedKey } = await awsCall("dynamodb:Query", this.#documents.send(query));
      count += Count;
      start = LastEvaluatedKey;
      if (start === undefined) break;
    }
    return count;
  }

  /** Labels with a tag, in the order of submission. */
  async withTag(tag: string, page: PageQuery): Promise<Label[]> {
    return (await this.#query(LEDGER_INDEXES.byTag, "tag", tag, page)) as unknown as Label[];
  }

  async #get(key: string): Promise<unknown> {
    const get = new GetCommand({ TableName: this.#table, Key: { output_id: key }, ConsistentRead: true });
    return (await awsCall("dynamodb:GetItem", this.#documents.send(get))).Item;
  }

  async #query(
    index: string,
    attribute: string,
    value: string,
    { limit, after, oldestFirst = false }: PageQuery,
  ): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    let start: Record<string, unknown> | undefined = after && { ...after, [attribute]: value };
    // DynamoDB ends a page at 1 MB, however many items were asked for.
    do {
      const query: QueryCommand = new QueryCommand({
        ...queryOf(this.#table, index, attribute, value),
        ScanIndexForward: oldestFirst,
        Limit: limit - found.length,
        ExclusiveStartKey: start,
      });
      const { Items = [], LastEvaluatedKey } = await awsCall("dynamodb:Query", this.#documents.send(query));
      found.push(...Items);
      start = LastEvaluatedKey;
    } while (start !== undefined && found.length < limit);
    return found;
  }
}

/** A query of an index for one value of its key. */
function queryOf(table: string, index: string, attribute: string, value: string) {
  return {
    TableName: table,
    IndexName: index,
    KeyConditionExpression: "#key = :key",
    ExpressionAttributeNames: { "#key": attribute },
    ExpressionAttributeValues: { ":key": value },
  };
}
