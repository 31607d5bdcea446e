import { GetCommand, PutCommand, UpdateCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import {
  jobWorkflowKey,
  POINTER_STATE,
  workflowKey,
  type WorkflowItem,
  type WorkflowStatus,
} from "../../../contract/workflow.js";
import { awsCall } from "../../shared/awsCall.js";
import { unlessConditionFailed } from "../../shared/conditionalWrite.js";

/** What is recorded when a workflow ends. */
export type WorkflowEnd = Pick<WorkflowItem, "completed_at"> & Partial<Pick<WorkflowItem, "reason" | "job_id">>;

/** The workflows, in the table of jobs. A workflow ends once: what comes later changes nothing. */
export class WorkflowStore {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** Records a new workflow. */
  async create(item: WorkflowItem): Promise<void> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: item,
      ConditionExpression: "attribute_not_exists(output_id)",
    });
    await awsCall("dynamodb:PutItem", this.#documents.send(put));
  }

  /** A workflow (a consistent read); undefined if there is none. */
  async read(workflowId: string): Promise<WorkflowItem | undefined> {
    return (await this.#get(workflowKey(workflowId))) as WorkflowItem | undefined;
  }

  /**
   * Records the end of a running workflow.
   *
   * @returns the workflow; undefined if it had ended before
   */
  async end(
    workflowId: string,
    status: Exclude<WorkflowStatus, "running">,
    facts: WorkflowEnd,
  ): Promise<WorkflowItem | undefined> {
    return this.#update(workflowId, { state: `workflow_${status}`, ...facts });
  }

  /** Records the job that scores the protein of a running workflow. */
  async scoredBy(workflowId: string, jobId: string): Promise<void> {
    await this.#update(workflowId, { job_id: jobId });
  }

  /** Records the newest completed workflow of a job and an owner. */
  async point(jobId: string, item: WorkflowItem): Promise<void> {
    const { owner, workflow_id, expires_at, submitted_at } = item;
    const key = jobWorkflowKey(jobId, owner);
    const pointer = { output_id: key, state: POINTER_STATE, workflow_id, expires_at, submitted_at };
    await awsCall("dynamodb:PutItem", this.#documents.send(new PutCommand({ TableName: this.#table, Item: pointer })));
  }

  /** Id of the newest completed workflow of a job and an owner, as long as its files are kept. */
  async ofJob(jobId: string, owner: string, now: Date): Promise<string | undefined> {
    const found = (await this.#get(jobWorkflowKey(jobId, owner))) as Partial<WorkflowItem> | undefined;
    // DynamoDB deletes expired items within days.
    return (found?.expires_at ?? 0) * 1_000 > now.getTime() ? found?.workflow_id : undefined;
  }

  async #get(key: string): Promise<unknown> {
    const get = new GetCommand({ TableName: this.#table, Key: { output_id: key }, ConsistentRead: true });
    return (await awsCall("dynamodb:GetItem", this.#documents.send(get))).Item;
  }

  async #update(workflowId: string, changes: Readonly<Record<string, unknown>>): Promise<WorkflowItem | undefined> {
    const set = Object.entries(changes);
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: { output_id: workflowKey(workflowId) },
      UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(", ")}`,
      ConditionExpression: "#state = :running",
      ExpressionAttributeNames: { "#state": "state", ...Object.fromEntries(set.map(([name]) => [`#${name}`, name])) },
      ExpressionAttributeValues: {
        ":running": "workflow_running" satisfies WorkflowItem["state"],
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
      },
      ReturnValues: "ALL_NEW",
    });
    const written = await awsCall("dynamodb:UpdateItem", unlessConditionFailed(this.#documents.send(update)));
    return written?.Attributes as WorkflowItem | undefined;
  }
}
