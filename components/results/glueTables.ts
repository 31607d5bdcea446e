import type * as aws from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import {
  filesPrefix,
  filesTable,
  FIRST_DAY,
  PARTITIONS,
  RESULT_TABLES,
  STAGES,
  viewSql,
  type Columns,
  type ColumnType,
  type ResultTable,
} from "../../contract/resultStore.js";

type TableArgs = Omit<aws.glue.CatalogTableArgs, "databaseName">;

/** The type in the SQL of Athena of each column type. Athena reads milliseconds. */
const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  string: "varchar",
  int: "integer",
  double: "double",
  timestamp: "timestamp(3)",
};

/**
 * The table of all Parquet files of one kind. Athena computes the partitions from its parameters, so no crawler runs and
 * no partition is registered.
 *
 * The model is no partition: Athena would need every model that ever was used in a list, and would hide the others. The
 * statistics of the files let Athena skip those of other models.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
export function filesTableArgs(table: ResultTable, bucketName: Input<string>): TableArgs {
  const location = interpolate`s3://${bucketName}/${table}/`;
  return {
    name: filesTable(table),
    description: `Parquet files behind the view ${table}, which reads each row once`,
    tableType: "EXTERNAL_TABLE",
    parameters: {
      EXTERNAL: "TRUE",
      classification: "parquet",
      "parquet.compression": "SNAPPY",
      "projection.enabled": "true",
      "projection.stage.type": "enum",
      "projection.stage.values": STAGES.join(","),
      "projection.day.type": "date",
      "projection.day.format": "yyyy-MM-dd",
      "projection.day.range": `${FIRST_DAY},NOW`,
      "projection.day.interval": "1",
      "projection.day.interval.unit": "DAYS",
      "storage.location.template": interpolate`${location}stage=\${stage}/day=\${day}/`,
    },
    partitionKeys: glueColumns(PARTITIONS),
    storageDescriptor: {
      columns: glueColumns(RESULT_TABLES[table]),
      location,
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      compressed: true,
      serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
    },
  };
}

/**
 * The view that reads each row of a table once, in the form in which Athena stores its views in the Glue catalog.
 *
 * @see https://github.com/trinodb/trino/blob/master/plugin/trino-hive/src/main/java/io/trino/plugin/hive/ViewReaderUtil.java
 */
export function viewArgs(table: ResultTable, database: string): TableArgs {
  const columns = { ...RESULT_TABLES[table], day: PARTITIONS.day };
  const definition = {
    originalSql: viewSql(table),
    catalog: "awsdatacatalog",
    schema: database,
    columns: Object.entries(columns).map(([name, type]) => ({ name, type: SQL_TYPES[type] })),
  };
  return {
    name: table,
    description: `Every row of ${table} once: recent days from single files, other days from merged files`,
    tableType: "VIRTUAL_VIEW",
    parameters: { presto_view: "true", comment: "Presto View" },
    viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString("base64")} */`,
    viewExpandedText: "/* Presto View */",
    storageDescriptor: { columns: glueColumns(columns), serDeInfo: { name: "-", serializationLibrary: "-" } },
  };
}

/** The prefix of all new files of a table, which are deleted once they are merged, as a pattern of ARNs. */
export function newFilesPattern(bucketArn: Input<string>, table: ResultTable): Input<string> {
  return interpolate`${bucketArn}/${filesPrefix(table, "new")}*`;
}

function glueColumns(columns: Columns): { name: string; type: ColumnType }[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type }));
}
