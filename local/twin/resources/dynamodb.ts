import {
  CreateTableCommand,
  UpdateTimeToLiveCommand,
  type AttributeDefinition,
  type CreateTableCommandInput,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type ProjectionType,
  type ScalarAttributeType,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb";
import { list, nested, required, text } from "./properties.js";
import type { CreateTable, Properties } from "./types.js";

/** Tables with their indexes, time to live and stream. The emulator never removes an expired item. */
export const dynamodbResources: CreateTable = {
  "aws:dynamodb/table:Table": async ({ id, state }, { aws }) => {
    const indexes = list(state, "globalSecondaryIndexes").map(indexOf);
    const { TableDescription } = await aws.dynamodb.send(
      new CreateTableCommand({
        TableName: id,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: list(state, "attributes").map(attributeOf),
        KeySchema: keysOf(state),
        ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
        ...streamOf(state),
      }),
    );
    const ttl = nested(state, "ttl");
    if (ttl["enabled"] === true) {
      await aws.dynamodb.send(
        new UpdateTimeToLiveCommand({
          TableName: id,
          TimeToLiveSpecification: { Enabled: true, AttributeName: required(ttl, "attributeName") },
        }),
      );
    }
    const streamArn = TableDescription?.LatestStreamArn;
    return streamArn === undefined ? {} : { streamArn };
  },
};

/** A table has a stream from its creation, or none. */
function streamOf(state: Properties): Pick<CreateTableCommandInput, "StreamSpecification"> {
  if (state["streamEnabled"] !== true) return {};
  const StreamViewType = required(state, "streamViewType") as StreamViewType;
  return { StreamSpecification: { StreamEnabled: true, StreamViewType } };
}

function attributeOf(attribute: Properties): AttributeDefinition {
  return {
    AttributeName: required(attribute, "name"),
    AttributeType: required(attribute, "type") as ScalarAttributeType,
  };
}

/** The key schema of a table or index: `hashKey` and `rangeKey`, or the list `keySchemas`. */
function keysOf(properties: Properties): KeySchemaElement[] {
  const schemas = list(properties, "keySchemas");
  if (schemas.length > 0) {
    return schemas.map((schema) => ({
      AttributeName: required(schema, "attributeName"),
      KeyType: required(schema, "keyType") === "HASH" ? "HASH" : "RANGE",
    }));
  }
  const range = text(properties, "rangeKey");
  return [
    { AttributeName: required(properties, "hashKey"), KeyType: "HASH" },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" } as const]),
  ];
}

function indexOf(index: Properties): GlobalSecondaryIndex {
  const kept = index["nonKeyAttributes"];
  return {
    IndexName: required(index, "name"),
    KeySchema: keysOf(index),
    Projection: {
      ProjectionType: required(index, "projectionType") as ProjectionType,
      ...(Array.isArray(kept) && kept.length > 0 ? { NonKeyAttributes: kept as string[] } : {}),
    },
  };
}
