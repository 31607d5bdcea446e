import { ObjectStore } from "../../shared/objectStore.js";
import { FileStore } from "../fileStore.js";
import { Report } from "../report.js";
import { bucketName, createS3 } from "../services.js";
import { appendJob } from "./appendJobs.js";
import { createHandler } from "./handler.js";

const report = new Report("results");
const s3 = createS3();
const objects = new ObjectStore(s3);
const files = new FileStore(s3, bucketName(process.env));

/** Writes ended jobs to the result store, see `handler.ts`. */
export const handler = createHandler(
  (job) =>
    appendJob(job, {
      objects,
      files,
      unreadable: ({ output_id: outputId }, error) => {
        report.count("ResultsUnreadable");
        report.warn(error.message, { output_id: outputId });
      },
    }),
  report,
);
