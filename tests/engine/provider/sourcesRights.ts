import { SOURCES_ENVIRONMENT } from "../../../contract/environment.js";
import { arn, keyUse, type Right } from "./commonRights.js";
import type { CloudView } from "./cloudState.js";
import { text } from "./outputs.js";
import type { Properties } from "./wire.js";

/** What the function of sources needs besides what every function needs; undefined for others. */
export function sourcesRights(cloud: CloudView, variables: Properties): Right[] | undefined {
  const tableName = variables[SOURCES_ENVIRONMENT.tableName];
  if (tableName === undefined) return undefined;
  const table = arn("dynamodb", `table/${text(tableName)}`);
  const parameter = text(variables[SOURCES_ENVIRONMENT.ncbiKeyParameter]);
  const encryption = cloud.find("aws:dynamodb/table:Table", text(tableName))?.inputs["serverSideEncryption"];
  const { kmsKeyArn } = (encryption ?? {}) as Properties;
  return [
    ...["GetItem", "PutItem", "UpdateItem"].map((action): Right => [`dynamodb:${action}`, table]),
    ...(parameter === "" ? [] : [["ssm:GetParameter", arn("ssm", `parameter${parameter}`)] as const]),
    ...(kmsKeyArn === undefined ? [] : keyUse(text(kmsKeyArn), "dynamodb", ["kms:Decrypt", "kms:DescribeKey"])),
  ];
}
