import { GetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BRAKE_KEY } from "../../contract/brake.js";
import { ToolError } from "../../contract/errors.js";
import { awsCall } from "./awsCall.js";

/** How long the state of the brake is cached, in milliseconds. */
const CACHE_MS = 5_000;

/** The brake of the cost guard, as the functions that submit jobs see it: an item of the ledger. */
export class Brake {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #now: () => Date;
  #known: { readonly on: boolean; readonly at: number } | undefined;

  constructor(documents: DynamoDBDocumentClient, table: string, now: () => Date) {
    this.#documents = documents;
    this.#table = table;
    this.#now = now;
  }

  /**
   * Whether no new job is taken, at most {@link CACHE_MS} old.
   *
   * @throws ToolError if DynamoDB does not answer: then no job can be recorded either
   */
  async isOn(): Promise<boolean> {
    const now = this.#now().getTime();
    if (this.#known && now - this.#known.at < CACHE_MS) return this.#known.on;
    const get = new GetCommand({ TableName: this.#table, Key: { output_id: BRAKE_KEY } });
    const { Item: item } = await awsCall("dynamodb:GetItem", this.#documents.send(get));
    this.#known = { on: item?.["on"] === true, at: now };
    return this.#known.on;
  }
}

/**
 * Refuses a new job while the brake is on. Not an error of the input: a stream, an upload or a scan must try it again later
 * and not give it up.
 *
 * @param brake undefined without `monthlyBudgetUsd`
 * @throws ToolError BUDGET_EXCEEDED
 */
export async function refuseOverBudget(brake: Brake | undefined): Promise<void> {
  if (!(await brake?.isOn())) return;
  throw new ToolError(
    "BUDGET_EXCEEDED",
    "The budget of the month is used up, and no new job is taken. Results of earlier jobs are still answered. The operator " +
      "of the stack can release the brake: vep brake release.",
  );
}
