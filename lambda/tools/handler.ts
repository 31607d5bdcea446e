import type { APIGatewayProxyResult, Context } from "aws-lambda";
import { ToolError } from "../../contract/errors.js";
import type { ToolAnswer } from "../../contract/tools.js";
import { failure, success, type Done } from "../shared/answers.js";
import type { ToolData } from "./toolAnswer.js";
import { readCall, type ToolCall } from "./toolCall.js";
import { cancelJob } from "./cancelJob.js";
import { readRequest } from "../shared/httpEvent.js";
import { calledTool } from "./http/request.js";
import { responseOf } from "./http/response.js";
import { getResults } from "./getResults.js";
import { invokeEndpoint } from "./invokeEndpoint.js";
import { listJobs } from "./listJobs.js";
import { submitFasta, type FileQueue } from "./submitFasta.js";
import type { LogFacts } from "../shared/telemetry.js";
import { redactor } from "../shared/redaction.js";
import type { JobServices } from "../shared/services.js";

/**
 * The handler of the tools' function, which answers calls of tools and requests of the HTTP API. It answers every error of
 * the caller or of AWS, and never throws.
 */
export type ToolsHandler = (event: unknown, context: Context) => Promise<ToolAnswer<ToolData> | APIGatewayProxyResult>;

/** What a stack can have or not. */
export interface ToolsOptions {
  /** The queue of FASTA files; undefined without `fastaDrop`. */
  readonly fileQueue?: FileQueue | undefined;
  /** Origins of web pages that may call the HTTP API. Default: none. */
  readonly origins?: readonly string[];
}

/** Creates the handler of the tools' function. */
export function createHandler(services: JobServices, { fileQueue, origins = [] }: ToolsOptions = {}): ToolsHandler {
  const { telemetry, now, settings } = services;
  const answer = async (read: () => ToolCall, context: Context): Promise<ToolAnswer<ToolData>> => {
    telemetry.begin(context);
    let call: ToolCall | undefined;
    try {
      const known = read();
      call = known;
      const done = await telemetry.traced(known.tool, () => runTool(known, services, fileQueue));
      telemetry.info("Tool call answered", { tool: known.tool, ...factsOf(done.data) });
      return success(done, now());
    } catch (error) {
      logError(error, call, services);
      return failure(error, context.awsRequestId, now());
    } finally {
      telemetry.end();
    }
  };
  return async (event, context) => {
    const request = readRequest(event);
    if (request === undefined) return answer(() => readCall(event, context), context);
    return responseOf(request, await answer(() => calledTool(request, settings.bucketName), context), origins);
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
