import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import type { LedgerItem } from "../../../contract/jobs.js";

type Attributes = Record<string, unknown>;

/** Names and values of a DynamoDB expression. */
interface Terms {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Attributes | undefined;
}

interface ListQuery {
  readonly ScanIndexForward: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Attributes;
}

/** A table in memory behind a mocked client; it checks the conditions of writes. */
export class FakeTable {
  readonly items = new Map<string, LedgerItem>();
  /** Runs once, just before the next write: a change by another call. */
  beforeNextWrite: (() => void) | undefined;
  /** The error with which the next update fails. */
  failNextUpdate: Error | undefined;
  readonly mock;

  constructor(documents: DynamoDBDocumentClient) {
    this.mock = mockClient(documents);
    this.mock
      .on(GetCommand)
      .callsFake(({ Key }: { Key: Attributes }) => ({ Item: this.items.get(String(Key.output_id)) }));
    this.mock.on(PutCommand).callsFake((input: Terms & { Item: LedgerItem; ConditionExpression?: string }) => {
      if (input.ConditionExpression) this.check(input.Item.output_id, input.ConditionExpression, input);
      this.items.set(input.Item.output_id, input.Item);
      return {};
    });
    this.mock
      .on(UpdateCommand)
      .callsFake((input: Terms & { Key: Attributes; ConditionExpression?: string; UpdateExpression: string }) => {
        const id = String(input.Key.output_id);
        const { failNextUpdate } = this;
        this.failNextUpdate = undefined;
        if (failNextUpdate) throw failNextUpdate;
        if (input.ConditionExpression) this.check(id, input.ConditionExpression, input);
        const before = { ...this.items.get(id), ...input.Key } as Attributes;
        const item = updated(before, input.UpdateExpression, input) as unknown as LedgerItem;
        this.items.set(id, item);
        return { Attributes: item };
      });
    this.mock.on(QueryCommand).callsFake((input: Terms & ListQuery) => this.list(input));
  }

  /** Answers a query of an index: items with one value of an attribute, in the order of submission. */
  private list({ ScanIndexForward, Limit, ExclusiveStartKey: start, ...terms }: Terms & ListQuery): Attributes {
    const key = terms.ExpressionAttributeNames?.["#key"] ?? "";
    const value = terms.ExpressionAttributeValues?.[":key"];
    const order = ({ submitted_at: at, output_id: id }: Attributes): string => `${String(at)} ${String(id)}`;
    const found = [...this.items.values()]
      .filter((item) => (item as unknown as Attributes)[key] === value)
      .sort((a, b) => (order({ ...a }) < order({ ...b }) ? -1 : 1));
    if (!ScanIndexForward) found.reverse();
    const from = start === undefined ? 0 : found.findIndex(({ output_id: id }) => id === start.output_id) + 1;
    const Items = found.slice(from, from + (Limit ?? found.length));
    const last = Items.at(-1);
    return {
      Items,
      Count: Items.length,
      ...(last && from + (Limit ?? found.length) < found.length && { LastEvaluatedKey: { output_id: last.output_id } }),
    };
  }

  /** Evaluates conditions such as `attempt = :attempt AND #state IN (:a, :b)`. */
  private check(id: string, expression: string, terms: Terms): void {
    this.beforeNextWrite?.();
    this.beforeNextWrite = undefined;
    const item = this.items.get(id) as Attributes | undefined;
    const holds = expression.split(" AND ").every((clause) => {
      const [, absent] = /^attribute_not_exists\((\w+)\)$/.exec(clause) ?? [];
      if (absent) return item?.[absent] === undefined;
      const [, holder, member = ""] = /^contains\((\w+), (:\w+)\)$/.exec(clause) ?? [];
      if (holder) return setOf(item?.[holder]).has(String(terms.ExpressionAttributeValues?.[member]));
      const [, name = "", values = ""] = /^(#?\w+) (?:=|IN) \(?([^)]+)\)?$/.exec(clause) ?? [];
      if (name === "") throw new Error(`The fake table cannot read the condition '${clause}'.`);
      const allowed = values.split(", ").map((value) => terms.ExpressionAttributeValues?.[value]);
      return item !== undefined && allowed.includes(item[terms.ExpressionAttributeNames?.[name] ?? name]);
    });
    if (!holds) throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
  }
}

/** Applies the clauses SET, ADD and DELETE of an update; a set without members is no attribute. */
function updated(item: Attributes, expression: string, terms: Terms): Attributes {
  const after = { ...item };
  for (const clause of expression.split(/ (?=SET |ADD |DELETE )/)) {
    const [kind = "", rest = ""] = clause.split(/ (.*)/);
    for (const pair of rest.split(", ")) {
      const [alias = "", value = ""] = pair.split(kind === "SET" ? " = " : " ");
      const name = terms.ExpressionAttributeNames?.[alias] ?? alias;
      const given = terms.ExpressionAttributeValues?.[value];
      if (kind === "SET") after[name] = given;
      else if (typeof given === "number") after[name] = Number(after[name] ?? 0) + given;
      else {
        const members = [...setOf(given)];
        const left = setOf(after[name]);
        for (const member of members) left[kind === "ADD" ? "add" : "delete"](member);
        if (left.size > 0) after[name] = left;
        else Reflect.deleteProperty(after, name);
      }
    }
  }
  return after;
}

function setOf(value: unknown): Set<string> {
  return new Set(value instanceof Set ? (value as Set<string>) : []);
}
