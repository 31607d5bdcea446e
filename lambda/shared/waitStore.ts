import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from "@aws-sdk/lib-dynamodb";
import { LEDGER_INDEXES } from "../../contract/jobs.js";
import { WAIT_STATES, waitersKey, waitKey, type Wait } from "../../contract/waits.js";
import { awsCall } from "./awsCall.js";
import { unlessConditionFailed } from "./conditionalWrite.js";

/** Jobs whose waits are written at the same time. */
const AT_A_TIME = 10;

/** The waits of tasks for jobs, in the table of jobs. Every change of a wait is conditional: it happens once. */
export class WaitStore {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /**
   * Records a wait, and then that each of its jobs has it. Call it before the jobs are submitted or read: whoever records
   * the end of a job later finds the wait, and an earlier end is seen by the caller.
   */
  async open(wait: Omit<Wait, "output_id" | "state" | "open_jobs" | "completed">): Promise<void> {
    const key = waitKey(wait.task_token);
    const item: Wait = { ...wait, output_id: key, state: WAIT_STATES.open, open_jobs: wait.all_jobs, completed: 0 };
    const put = new PutCommand({
      TableName: this.#table,
      Item: item,
      ConditionExpression: "attribute_not_exists(output_id)",
    });
    await awsCall("dynamodb:PutItem", unlessConditionFailed(this.#documents.send(put)));
    const jobs = [...wait.all_jobs];
    for (let start = 0; start < jobs.length; start += AT_A_TIME) {
      await Promise.all(jobs.slice(start, start + AT_A_TIME).map((job) => this.#addWaiter(job, key, wait.expires_at)));
    }
  }

  /** The waits that a job was ever in (a consistent read). */
  async of(jobId: string): Promise<readonly string[]> {
    const get = new GetCommand({
      TableName: this.#table,
      Key: { output_id: waitersKey(jobId) },
      ConsistentRead: true,
    });
    const { Item } = await awsCall("dynamodb:GetItem", this.#documents.send(get));
    return [...((Item as { readonly waits?: ReadonlySet<string> } | undefined)?.waits ?? [])];
  }

  /**
   * Takes an ended job out of a wait.
   *
   * @returns the wait after that; undefined if the job is not in it any more, or the wait has ended or is gone
   */
  async settle(key: string, jobId: string, completed: boolean): Promise<Wait | undefined> {
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: { output_id: key },
      UpdateExpression: "DELETE open_jobs :jobs ADD completed :completed",
      ConditionExpression: "contains(open_jobs, :job) AND #state = :state",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: {
        ":job": jobId,
        ":jobs": new Set([jobId]),
        ":completed": completed ? 1 : 0,
        ":state": WAIT_STATES.open,
      },
      ReturnValues: "ALL_NEW",
    });
    const written = await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.#documents.send(update)));
    return written?.Attributes as Wait | undefined;
  }

  /** Records that the task of a wait was answered. */
  async end(wait: Pick<Wait, "output_id">): Promise<void> {
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: { output_id: wait.output_id },
      UpdateExpression: "SET #state = :ended",
      ConditionExpression: "#state = :open",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":ended": WAIT_STATES.ended, ":open": WAIT_STATES.open },
    });
    await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.#documents.send(update)));
  }

  /** The oldest open waits. */
  async openWaits(limit: number): Promise<Wait[]> {
    const query = new QueryCommand({
      TableName: this.#table,
      IndexName: LEDGER_INDEXES.byState,
      KeyConditionExpression: "#key = :key",
      ExpressionAttributeNames: { "#key": "state" },
      ExpressionAttributeValues: { ":key": WAIT_STATES.open },
      ScanIndexForward: true,
      Limit: limit,
    });
    const { Items = [] } = await awsCall("dynamodb:Query", this.#documents.send(query));
    return Items as unknown as Wait[];
  }

  async #addWaiter(jobId: string, key: string, expiresAt: number): Promise<void> {
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: { output_id: waitersKey(jobId) },
      UpdateExpression: "SET expires_at = :expires_at ADD waits :waits",
      ExpressionAttributeValues: { ":expires_at": expiresAt, ":waits": new Set([key]) },
    });
    await awsCall("dynamodb:UpdateItem", this.#documents.send(update));
  }
}
