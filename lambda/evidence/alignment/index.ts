import { S3Client } from "@aws-sdk/client-s3";
import { EVIDENCE_ENVIRONMENT } from "../../../contract/environment.js";
import { ObjectStore } from "../../shared/objectStore.js";
import { Telemetry } from "../../shared/telemetry.js";
import { createAlignmentHandler } from "./handler.js";
import { createAlignmentJob } from "./job.js";

const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "alignment");
const objects = new ObjectStore(telemetry.instrument(new S3Client()));

/** The function of alignments, whose container has the aligners. */
export const handler = createAlignmentHandler({
  objects,
  telemetry,
  hasJobs: process.env[EVIDENCE_ENVIRONMENT.alignmentJobs] !== undefined,
});

/** The job of AWS Batch that aligns what is too large for the function, in the same container. */
export const job = createAlignmentJob(handler, objects);
