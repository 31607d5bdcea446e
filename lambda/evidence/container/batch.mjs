// A job of AWS Batch: does the task in its first argument as the function does, in the seconds of the second, and ends.
import process from "node:process";
import bundle from "./index.js";

const [, , task = "", seconds = ""] = process.argv;
const endsAt = Date.now() + Number(seconds) * 1_000;
const context = {
  awsRequestId: process.env.AWS_BATCH_JOB_ID ?? "job",
  functionName: process.env.AWS_BATCH_JQ_NAME ?? "batch",
  getRemainingTimeInMillis: () => endsAt - Date.now(),
};

try {
  await bundle.job(JSON.parse(task), context);
} catch (error) {
  console.error(`${error?.name ?? "Error"}: ${error?.message ?? error}`);
  process.exitCode = 1;
}
