import type { Context } from "aws-lambda";
import { ToolError } from "../../contract/errors.js";
import type { GetResultsData, InvokeEndpointData, ToolAnswer } from "../../contract/tools.js";
import { failure, success, type Done } from "./toolAnswer.js";
import { readCall, type ToolCall } from "./dispatch.js";
import { getResults } from "./getResults.js";
import { invokeEndpoint } from "./invokeEndpoint.js";
import { redactor } from "../shared/redaction.js";
import type { ToolsServices } from "./services.js";

type ToolData = InvokeEndpointData | GetResultsData;

/** The tools' function: one event in, one answer out; it never throws for what a caller or AWS did. */
export type ToolsHandler = (event: unknown, context: Context) => Promise<ToolAnswer<ToolData>>;

/** Makes the function's handler from what the tools work with. */
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
      telemetry.info("Tool answered", { tool: read.tool, output_id, status });
      return success(done, now());
    } catch (error) {
      report(error, call, services);
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

/** What a caller can mend is logged by its code alone; what the owner must look into, with its stack. */
function report(error: unknown, call: ToolCall | undefined, { telemetry }: ToolsServices): void {
  if (error instanceof ToolError && error.cause === undefined) {
    telemetry.info("Tool refused", { tool: call?.tool, error_code: error.code });
    return;
  }
  telemetry.error("Tool failed", error, redactor(call?.input ?? {}));
}
