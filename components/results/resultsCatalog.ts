import * as aws from "@pulumi/aws";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { QUERY_RESULTS_PREFIX, RESULT_TABLE_NAMES } from "../../contract/resultStore.js";
import { SAVED_QUERIES } from "../../contract/savedQueries.js";
import type { Place } from "../shared/place.js";
import { resultsNames } from "../shared/resultsNames.js";
import { filesTableArgs, viewArgs } from "./glueTables.js";

/** Most bytes that one query may scan: half a dollar at the price of 5 dollars per TB. */
export const SCAN_LIMIT_BYTES = 100 * 1024 ** 3;

export interface ResultsCatalogArgs {
  /** First part of the names of database and workgroup. */
  readonly prefix: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  readonly bucketName: Input<string>;
  /**
   * ARN of the customer key of the results of queries.
   *
   * @default the key of S3
   */
  readonly keyArn?: Input<string>;
}

/**
 * What Athena needs to query the result store: database, tables, views, a workgroup with a limit, and saved queries. It
 * holds no data.
 */
export class ResultsCatalog extends ComponentResource {
  readonly workgroupName: Output<string>;

  constructor(name: string, args: ResultsCatalogArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:ResultsCatalog", name, {}, opts);
    const database = this.database(name, args);
    this.tables(name, database, args);
    const workgroup = this.workgroup(name, args);
    this.savedQueries(name, database, workgroup);
    this.workgroupName = workgroup.name;
    this.registerOutputs({ workgroupName: this.workgroupName });
  }

  private database(name: string, { prefix, tags }: ResultsCatalogArgs): aws.glue.CatalogDatabase {
    return new aws.glue.CatalogDatabase(
      `${name}-database`,
      { name: resultsNames(prefix).database, description: "Variants and jobs as Parquet files in S3", tags },
      { parent: this },
    );
  }

  private tables(name: string, database: aws.glue.CatalogDatabase, { prefix, bucketName }: ResultsCatalogArgs): void {
    for (const table of RESULT_TABLE_NAMES) {
      const files = new aws.glue.CatalogTable(
        `${name}-${table}-files`,
        { databaseName: database.name, ...filesTableArgs(table, bucketName) },
        { parent: this },
      );
      new aws.glue.CatalogTable(
        `${name}-${table}-view`,
        { databaseName: database.name, ...viewArgs(table, resultsNames(prefix).database) },
        { parent: this, dependsOn: files },
      );
    }
  }

  private workgroup(
    name: string,
    { prefix, place, tags, bucketName, keyArn }: ResultsCatalogArgs,
  ): aws.athena.Workgroup {
    return new aws.athena.Workgroup(
      `${name}-workgroup`,
      {
        name: resultsNames(prefix).workgroup,
        description: "Queries of the result store",
        configuration: {
          // Clients cannot choose another location, encryption or limit.
          enforceWorkgroupConfiguration: true,
          bytesScannedCutoffPerQuery: SCAN_LIMIT_BYTES,
          publishCloudwatchMetricsEnabled: true,
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: interpolate`s3://${bucketName}/${QUERY_RESULTS_PREFIX}`,
            expectedBucketOwner: place.account,
            encryptionConfiguration:
              keyArn === undefined
                ? { encryptionOption: "SSE_S3" }
                : { encryptionOption: "SSE_KMS", kmsKeyArn: keyArn },
          },
        },
        // The history of queries, which lies in the workgroup, must not prevent its deletion.
        forceDestroy: true,
        tags,
      },
      { parent: this },
    );
  }

  private savedQueries(name: string, database: aws.glue.CatalogDatabase, workgroup: aws.athena.Workgroup): void {
    for (const [query, { description, sql }] of Object.entries(SAVED_QUERIES)) {
      new aws.athena.NamedQuery(
        `${name}-${query}`,
        { name: query, description, query: sql.trim(), database: database.name, workgroup: workgroup.name },
        { parent: this },
      );
    }
  }
}
