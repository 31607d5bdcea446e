import { Discovery, type DiscoveryArgs } from "./discovery.js";
import { VariantTools, type VariantToolsArgs } from "./variantTools.js";

/**
 * Creates the tools' function and the SSM parameters by which clients find it.
 *
 * @param args.prefix first part of the logical names
 */
export function toolsOf({
  prefix,
  notifications,
  publishLegacyParameters,
  ...args
}: VariantToolsArgs & Pick<DiscoveryArgs, "prefix" | "notifications" | "publishLegacyParameters">): VariantTools {
  const tools = new VariantTools(`${prefix}-tools`, args);
  new Discovery(prefix, {
    prefix,
    tags: args.tags,
    functionArn: tools.functionArn,
    endpointName: args.endpoint.endpointName,
    bucketName: args.bucket.bucketName,
    jobTableName: args.ledger.tableName,
    notifications,
    publishLegacyParameters,
  });
  return tools;
}
