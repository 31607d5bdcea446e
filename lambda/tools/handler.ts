import type { Context } from "aws-lambda";
import { ToolError } from "../../contract/errors.js";
import type {
  CancelJobData,
  GetResultsData,
  InvokeEndpointData,
  ListJobsData,
  SubmitFastaData,
  ToolAnswer,
} from "../../contract/tools.js";
import { failure, success, type Done } from "./toolAnswer.js";
import { readCall, type ToolCall } from "./toolCall.js";
import { cancelJob } from "./cancelJob.js";
import { getResults } from "./getResults.js";
import { invokeEndpoint } from "./invokeEndpoint.js";
import { listJobs } from "./listJobs.js";
import { submitFasta, type FileQueue } from "./submitFasta.js";
import type { LogFacts } from "../shared/telemetry.js";
import { redactor } from "../shared/redaction.js";
import type { JobServices } from "../shared/services.js";

type ToolData = InvokeEndpointData | GetResultsData | ListJobsData | CancelJobData | SubmitFastaData;

/** The handler of the tools' function. It answers every error of the caller or of AWS, and never throws. */
export type ToolsHandler = (event: unknown, context: Context) => Promise<ToolAnswer<ToolData>>;

/**
 * Creates the handler of the tools' function.
 *
 * @param fileQueue the queue of FASTA files; undefined without `fastaDrop`
 */
export function createHandler(services: JobServices, fileQueue?: FileQueue): ToolsHandler {
  const { telemetry, now } = services;
  return async (event, context) => {
    telemetry.begin(context);
    let call: ToolCall | undefined;
    try {
      const read = readCall(event, context);
      call = read;
      const done = await telemetry.traced(read.tool, () => runTool(read, services, fileQueue));
      telemetry.info("Tool call answered", { tool: read.tool, ...factsOf(done.data) });
      return success(done, now());
    } catch (error) {
      logError(error, call, services);
      return failure(error, context.awsRequestId, now());
    } finally {
      telemetry.end();
    }
  };
}

function runTool(call: ToolCall, services: JobServices, fileQueue: FileQueue | undefined): Promise<Done<ToolData>> {
  switch (call.tool) {
    case "invoke_endpoint":
      return invokeEndpoint(call.input, services);
    case "get_results":
      return getResults(call.input, call.namedInEvent ? "full" : "summary", services);
    case "list_jobs":
      return listJobs(call.input, services);
    case "cancel_job":
      return cancelJob(call.input, services);
    case "submit_fasta":
      return submitFasta(call.input, services, fileQueue);
  }
}

function factsOf(data: ToolData): LogFacts {
  if ("file" in data) return { status: data.status, records: data.records };
  return "jobs" in data ? { jobs: data.jobs.length } : { output_id: data.output_id, status: data.status };
}

/** Logs an error: only the code of one that the caller can fix, with the stack one that the owner must look into. */
function logError(error: unknown, call: ToolCall | undefined, { telemetry }: JobServices): void {
  if (error instanceof ToolError && error.cause === undefined) {
    telemetry.info("Tool call refused", { tool: call?.tool, error_code: error.code });
    return;
  }
  telemetry.error("Tool call failed", error, redactor(call?.input ?? {}));
}
