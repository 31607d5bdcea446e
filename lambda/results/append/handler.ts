import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBBatchItemFailure, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { endedJob, type EndedJob } from "../endedJob.js";
import type { Report } from "../report.js";

/** Jobs that are written at the same time: each result can be several MB. */
const WRITES = 4;

/**
 * Creates the function that writes ended jobs, from the stream of the ledger, to the result store.
 *
 * @param append writes one job
 * @returns the jobs that were not written, so that Lambda delivers them again
 */
export function createHandler(
  append: (job: EndedJob) => Promise<void>,
  report: Report,
): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  async function write(record: DynamoDBRecord): Promise<DynamoDBBatchItemFailure[]> {
    const job = jobIn(record, report);
    if (job === undefined) return [];
    try {
      await append(job);
      report.count("JobsStored");
      return [];
    } catch (error) {
      report.error("job not stored", error, { output_id: job.output_id });
      return [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" }];
    }
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

/** The job in a record of the stream; undefined if the record has none that can be stored, now or ever. */
function jobIn({ dynamodb }: DynamoDBRecord, report: Report): EndedJob | undefined {
  const image = dynamodb?.NewImage;
  // The types of the event and of the SDK name the same attribute values.
  const item = image && unmarshall(image as Parameters<typeof unmarshall>[0]);
  const parsed = endedJob.safeParse(item);
  if (parsed.success) return parsed.data;
  report.count("JobsUnreadable");
  report.warn("ledger item not stored", {
    output_id: String(item?.["output_id"]),
    attributes: parsed.error.issues.map(({ path }) => path.join(".")).join(", "),
  });
  return undefined;
}
