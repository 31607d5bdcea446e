import { RESULTS_ENVIRONMENT } from "../../../contract/environment.js";
import { ObjectStore } from "../../shared/objectStore.js";
import { FileStore } from "../fileStore.js";
import { Report } from "../report.js";
import { bucketName, createS3 } from "../services.js";
import { appendJob, type AppendServices } from "./appendJobs.js";
import { appendShard } from "./appendShard.js";
import { createHandler } from "./handler.js";

const report = new Report("results");
const s3 = createS3();
const services: AppendServices = {
  objects: new ObjectStore(s3),
  files: new FileStore(s3, bucketName(process.env)),
  unreadable: ({ output_id: outputId }, error) => {
    report.count("ResultsUnreadable");
    report.warn(error.message, { output_id: outputId });
  },
};

const tableName = process.env[RESULTS_ENVIRONMENT.jobTableName];
/** The client of DynamoDB is loaded only where shards of scans are stored. */
const reader = tableName ? import("./jobReader.js").then(({ jobReader }) => jobReader(tableName)) : undefined;

/** Writes ended jobs, and shards of scans, to the result store, see `handler.ts`. */
export const handler = createHandler(
  {
    job: (job) => appendJob(job, services),
    shard: reader && (async (shard) => appendShard(shard, { ...services, readJob: await reader })),
  },
  report,
);
