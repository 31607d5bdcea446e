import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

/** What makes a table whose items have a text `id` as their key, beside its name. */
export const TABLE_BY_ID: Omit<CreateTableCommandInput, "TableName"> = {
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
};
