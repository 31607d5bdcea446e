import type { Context } from "aws-lambda";
import { ToolError } from "../../contract/errors.js";
import type { GetResultsData, InvokeEndpointData, ToolAnswer } from "../../contract/tools.js";
import { failure, success, type Done } from "./toolAnswer.js";
import { readCall, type ToolCall } from "./toolCall.js";
import { getResults } from "./getResults.js";
import { invokeEndpoint } from "./invokeEndpoint.js";
import { redactor } from "../shared/redaction.js";
import type { ToolsServices } from "./services.js";

type ToolData = InvokeEndpointData | GetResultsData;

/** The handler of the tools' function. It answers every error of the caller or of AWS, and never throws. */
export type ToolsHandler = (event: unknown, context: Context) => Promise<ToolAnswer<ToolData>>;

/** Creates the handler of the tools' function. */
export function createHandler(services: ToolsServices): ToolsHandler {
  const { telemetry, now } = services;
  return async (event, context) => {
    telemetry.begin(context);
    let call: ToolCall | undefined;
    try {
      const read = readCall(event, context);
      call = read;
      const done = await telemetry.traced(read.tool, () => runTool(read, services));
      const { output_id, status } = done.data;
      telemetry.info("Tool call answered", { tool: read.tool, output_id, status });
      return success(done, now());
    } catch (error) {
      logError(error, call, services);
      return failure(error, context.awsRequestId, now());
    } finally {
      telemetry.end();
    }
  };
}

function runTool(call: ToolCall, services: ToolsServices): Promise<Done<ToolData>> {
  if (call.tool === "invoke_endpoint") return invokeEndpoint(call.input, services);
  return getResults(call.input, call.namedInEvent ? "full" : "summary", services);
}

/** Logs an error: only the code of one that the caller can fix, with the stack one that the owner must look into. */
function logError(error: unknown, call: ToolCall | undefined, { telemetry }: ToolsServices): void {
  if (error instanceof ToolError && error.cause === undefined) {
    telemetry.info("Tool call refused", { tool: call?.tool, error_code: error.code });
    return;
  }
  telemetry.error("Tool call failed", error, redactor(call?.input ?? {}));
}
