import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { LEDGER_INDEXES, type Label, type LedgerItem } from "../../contract/jobs.js";

export interface JobLedgerArgs {
  readonly tags: Readonly<Record<string, string>>;
  /**
   * ARN of the customer key of the items.
   *
   * @default the key of DynamoDB
   */
  readonly keyArn?: Input<string>;
  /** Whether the table outlives the stack. */
  readonly retainData: boolean;
  /** Whether changes are in a stream for 24 hours, from which the result store is written. */
  readonly resultsCatalog: boolean;
}

/** The table of jobs: one item per job, found by id, by state, by model version or by a tag, in the order of submission. */
export class JobLedger extends ComponentResource {
  readonly tableName: Output<string>;
  readonly tableArn: Output<string>;
  /** ARN of the stream of changes; empty without `resultsCatalog`. */
  readonly streamArn: Output<string>;

  constructor(name: string, args: JobLedgerArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:JobLedger", name, {}, opts);
    const table = this.table(name, args);
    this.tableName = table.name;
    this.tableArn = table.arn;
    this.streamArn = table.streamArn;
    this.registerOutputs({ tableName: this.tableName, tableArn: this.tableArn });
  }

  private table(name: string, { tags, keyArn, retainData, resultsCatalog }: JobLedgerArgs): aws.dynamodb.Table {
    return new aws.dynamodb.Table(
      `${name}-jobs`,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: OUTPUT_ID,
        attributes: [OUTPUT_ID, STATE, MODEL_VERSION, TAG, SUBMITTED_AT].map((attribute) => ({
          name: attribute,
          type: "S",
        })),
        globalSecondaryIndexes: [
          index(LEDGER_INDEXES.byState, STATE),
          index(LEDGER_INDEXES.byModel, MODEL_VERSION),
          index(LEDGER_INDEXES.byTag, TAG),
        ],
        ttl: { enabled: true, attributeName: EXPIRES_AT },
        pointInTimeRecovery: { enabled: true },
        ...(resultsCatalog ? { streamEnabled: true, streamViewType: "NEW_IMAGE" } : {}),
        ...(keyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn: keyArn } }),
        deletionProtectionEnabled: retainData,
        tags,
      },
      { parent: this, retainOnDelete: retainData },
    );
  }
}

type Attribute = keyof LedgerItem;

const OUTPUT_ID = "output_id" satisfies Attribute;
const STATE = "state" satisfies Attribute;
const MODEL_VERSION = "image_digest" satisfies Attribute;
const TAG = "tag" satisfies keyof Label;
const SUBMITTED_AT = "submitted_at" satisfies Attribute;
const EXPIRES_AT = "expires_at" satisfies Attribute;

function index(name: string, attribute: string): aws.types.input.dynamodb.TableGlobalSecondaryIndex {
  const keySchemas = [
    { attributeName: attribute, keyType: "HASH" },
    { attributeName: SUBMITTED_AT, keyType: "RANGE" },
  ];
  return { name, keySchemas, projectionType: "ALL" };
}
