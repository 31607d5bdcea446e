import { WORKFLOW_DAYS } from "../../../contract/limits.js";
import { randomUUID } from "node:crypto";
import { PutCommand, QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { LEDGER_INDEXES } from "../../../contract/jobs.js";
import { auditState, type AuditItem } from "../../../contract/audit.js";
import { awsCall } from "../../shared/awsCall.js";

/** One call, as it is recorded. */
export type AuditEntry = Pick<AuditItem, "owner" | "action" | "workflow_id" | "source_ip" | "result" | "request_id">;

/** Items of one page of a query. */
const PAGE = 1_000;

/** The audit of the workflow API, in the table of jobs. It can only grow: each item has a key of its own. */
export class AuditLog {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** Records one call. */
  async record(entry: AuditEntry, now: Date): Promise<void> {
    const time = now.toISOString();
    const item: AuditItem = {
      ...entry,
      output_id: `audit/${randomUUID()}`,
      state: auditState(time.slice(0, 10)),
      submitted_at: time,
      expires_at: Math.floor(now.getTime() / 1_000) + WORKFLOW_DAYS * 86_400,
    };
    const put = new PutCommand({
      TableName: this.#table,
      Item: item,
      ConditionExpression: "attribute_not_exists(output_id)",
    });
    await awsCall("dynamodb:PutItem", this.#documents.send(put));
  }

  /**
   * The calls of a day, in their order.
   *
   * @param day such as `2026-11-25`, UTC
   */
  async ofDay(day: string): Promise<AuditItem[]> {
    const found: AuditItem[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const query: QueryCommand = new QueryCommand({
        TableName: this.#table,
        IndexName: LEDGER_INDEXES.byState,
        KeyConditionExpression: "#key = :key",
        ExpressionAttributeNames: { "#key": "state" },
        ExpressionAttributeValues: { ":key": auditState(day) },
        ScanIndexForward: true,
        Limit: PAGE,
        ExclusiveStartKey: start,
      });
      const { Items = [], LastEvaluatedKey } = await awsCall("dynamodb:Query", this.#documents.send(query));
      found.push(...(Items as unknown as AuditItem[]));
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  }
}
