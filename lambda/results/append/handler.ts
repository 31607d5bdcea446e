import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBBatchItemFailure, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type * as z from "zod";
import { WAIT_STATES } from "../../../contract/waits.js";
import { endedJob, endedShard, type EndedJob, type EndedShard } from "../endedJob.js";
import type { Report } from "../report.js";

/** Jobs that are written at the same time: each result can be several MB. */
const WRITES = 4;

/** What writes jobs and shards to the result store. */
export interface Appenders {
  readonly job: (job: EndedJob) => Promise<void>;
  /** Undefined without `scan`: then each job has files of its own. */
  readonly shard?: ((shard: EndedShard) => Promise<void>) | undefined;
}

/**
 * Creates the function that writes what has ended, from the stream of the ledger, to the result store: jobs, and shards of
 * scans.
 *
 * @returns the records that were not written, so that Lambda delivers them again
 */
export function createHandler(
  append: Appenders,
  report: Report,
): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  async function write(record: DynamoDBRecord): Promise<DynamoDBBatchItemFailure[]> {
    const item = itemIn(record);
    try {
      if (item["state"] !== WAIT_STATES.ended) await writeJob(item);
      // The jobs of a workflow are no shard: each has files of its own.
      else if (item["shard"] !== undefined) await writeShard(item);
      return [];
    } catch (error) {
      report.error("not stored", error, { output_id: String(item["output_id"]) });
      return [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" }];
    }
  }

  async function writeJob(item: Item): Promise<void> {
    const job = readAs(endedJob, item, report);
    // The file of its shard has the rows of a completed job.
    if (job === undefined || (append.shard && job.shard !== undefined && job.state === "completed")) return;
    await append.job(job);
    report.count("JobsStored");
  }

  async function writeShard(item: Item): Promise<void> {
    const shard = append.shard && readAs(endedShard, item, report);
    if (append.shard === undefined || shard === undefined) return;
    await append.shard(shard);
    report.count("ShardsStored");
  }

  return async ({ Records: records }) => {
    const batchItemFailures: DynamoDBBatchItemFailure[] = [];
    for (let start = 0; start < records.length; start += WRITES) {
      batchItemFailures.push(...(await Promise.all(records.slice(start, start + WRITES).map(write))).flat());
    }
    report.end();
    return { batchItemFailures };
  };
}

type Item = Readonly<Record<string, unknown>>;

/** The item of the ledger in a record of the stream; empty for a record without one. */
function itemIn({ dynamodb }: DynamoDBRecord): Item {
  const image = dynamodb?.NewImage;
  // The types of the event and of the SDK name the same attribute values.
  return image === undefined ? {} : unmarshall(image as Parameters<typeof unmarshall>[0]);
}

/** An item as what it should be; undefined if it is not, which does not change by waiting. */
function readAs<Schema extends z.ZodType>(schema: Schema, item: Item, report: Report): z.infer<Schema> | undefined {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  report.count("JobsUnreadable");
  report.warn("ledger item not stored", {
    output_id: String(item["output_id"]),
    attributes: parsed.error.issues.map(({ path }) => path.join(".")).join(", "),
  });
  return undefined;
}
