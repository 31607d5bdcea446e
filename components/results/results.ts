import type { Input, Output } from "@pulumi/pulumi";
import { resultsNames } from "../shared/resultsNames.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { ResultsCatalog, type ResultsCatalogArgs } from "./resultsCatalog.js";
import { ResultsWriter, type ResultsWriterArgs } from "./resultsWriter.js";

type StoreArgs = Omit<ResultsCatalogArgs & ResultsWriterArgs, "bucketName" | "bucketArn" | "ledger">;

export interface ResultsArgs extends StoreArgs {
  /** Whether there is a result store. */
  readonly resultsCatalog: boolean;
  readonly bucket: { readonly bucketName: Input<string>; readonly bucketArn: Input<string> };
  readonly ledger: ResultsWriterArgs["ledger"];
}

export interface ResultStore extends Pick<ServiceRole, "networkPolicies"> {
  /** Name of the workgroup of Athena; undefined without `resultsCatalog`. */
  readonly workgroupName?: Output<string>;
}

/** Creates the result store: the functions that write its files, and what Athena needs to query them. */
export function resultsOf({ resultsCatalog, bucket, ...rest }: ResultsArgs): ResultStore {
  if (!resultsCatalog) return { networkPolicies: [] };
  const name = resultsNames(rest.prefix).store;
  const args = { ...rest, ...bucket };
  const { networkPolicies } = new ResultsWriter(name, args);
  const { workgroupName } = new ResultsCatalog(name, args);
  return { networkPolicies, workgroupName };
}
