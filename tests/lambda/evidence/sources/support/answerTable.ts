import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";

type Item = Record<string, unknown>;

interface Update {
  readonly Key: { readonly id: string };
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues: Item;
}

/** Most bytes of an item in DynamoDB. */
const MAX_ITEM_BYTES = 400 * 1024;

/** The table of answers in memory: it evaluates conditions, and refuses items that DynamoDB would refuse. */
export class AnswerTable {
  readonly items = new Map<string, Item>();
  readonly documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "eu-west-1" }));

  constructor() {
    const mock = mockClient(this.documents);
    mock.on(GetCommand).callsFake(({ Key }: { Key: { id: string } }) => ({ Item: this.items.get(Key.id) }));
    mock.on(PutCommand).callsFake(({ Item }: { Item: Item }) => {
      this.put(String(Item["id"]), Item);
      return {};
    });
    mock.on(UpdateCommand).callsFake((update: Update) => this.update(update));
  }

  private put(id: string, item: Item): void {
    const bytes = Object.entries(item).reduce(
      (sum, [name, value]) =>
        sum + name.length + (value instanceof Uint8Array ? value.byteLength : Buffer.byteLength(String(value))),
      0,
    );
    if (bytes > MAX_ITEM_BYTES) {
      throw Object.assign(new Error("Item size has exceeded the maximum allowed size"), {
        name: "ValidationException",
      });
    }
    this.items.set(id, item);
  }

  private update(update: Update): { Attributes: Item } {
    const { Key, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values } = update;
    const before = this.items.get(Key.id) ?? {};
    const value = (term: string): unknown =>
      term.startsWith(":") ? values[term] : before[term.startsWith("#") ? (names[term] ?? "") : term];
    if (!holds(update.ConditionExpression, value)) {
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
    }
    const after: Item = { ...before, ...Key };
    const [, set = "", remove = ""] = /^SET (.*?)(?: REMOVE (.*))?$/.exec(update.UpdateExpression) ?? [];
    for (const clause of set.split(", ")) {
      const [target = "", terms = ""] = clause.split(" = ");
      const sum = terms.split(" + ").map(value);
      after[names[target] ?? target] = sum.length === 1 ? sum[0] : sum.reduce((a, b) => Number(a) + Number(b));
    }
    for (const name of remove.split(", ")) Reflect.deleteProperty(after, names[name] ?? name);
    this.put(Key.id, after);
    return { Attributes: after };
  }
}

/** Evaluates a condition of comparisons and `attribute_not_exists`, with AND, OR and one level of parentheses. */
function holds(condition: string, value: (term: string) => unknown): boolean {
  const grouped = condition.replace(
    /(^|[ (])\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g,
    (_, before: string, inner: string) => `${before}${String(holds(inner, value))}`,
  );
  return grouped.split(" OR ").some((alternative) => alternative.split(" AND ").every((clause) => one(clause, value)));
}

function one(clause: string, value: (term: string) => unknown): boolean {
  if (clause === "true" || clause === "false") return clause === "true";
  const [, absent] = /^attribute_not_exists\((#?\w+)\)$/.exec(clause) ?? [];
  if (absent !== undefined) return value(absent) === undefined;
  const [, left = "", operator, right = ""] = /^([#:]?\w+) (=|<|<=|>|>=) ([#:]?\w+)$/.exec(clause) ?? [];
  if (operator === undefined) throw new Error(`The table cannot read the condition '${clause}'.`);
  const [a, b] = [value(left), value(right)];
  // A comparison with an attribute that is not there is never true.
  if (a === undefined || b === undefined) return false;
  if (operator === "=") return a === b;
  const [x, y] = [Number(a), Number(b)];
  return { "<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y }[operator] ?? false;
}
