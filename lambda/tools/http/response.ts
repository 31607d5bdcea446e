import type { APIGatewayProxyResult } from "aws-lambda";
import { ToolError } from "../../../contract/errors.js";
import { SUBMITTED_PREFIX } from "../../../contract/fastaDrop.js";
import { HTTP_STATUS } from "../../../contract/httpApi.js";
import { RESULT_CACHE_SECONDS } from "../../../contract/limits.js";
import type { ToolAnswer, ToolFailure, ToolSuccess } from "../../../contract/tools.js";
import { failure } from "../../shared/answers.js";
import { NO_REASON, type ToolData } from "../toolAnswer.js";
import { jsonResponse, type Headers, type HttpRequest } from "../../shared/httpEvent.js";
import { routeOf } from "./request.js";

/**
 * The response to a request: the answer of the tool, with status and headers.
 *
 * @param origins origins of web pages that may read responses
 */
export function responseOf(
  request: HttpRequest,
  answer: ToolAnswer<ToolData>,
  origins: readonly string[],
): APIGatewayProxyResult {
  const checked = answer.success ? withResult(request, answer) : answer;
  const response = checked.success
    ? succeeded(request, checked)
    : ([HTTP_STATUS[checked.error_code], failed(checked)] as const);
  return jsonResponse(request, origins, response, checked);
}

/** The answer, or a failure where only a completed job has one. */
function withResult(request: HttpRequest, answer: ToolSuccess<ToolData>): ToolAnswer<ToolData> {
  const { data } = answer;
  if (routeOf(request).completedOnly !== true || !("results" in data) || data.results !== null) return answer;
  const wait = data.retry_after_seconds;
  const why = wait === null ? `it ended as ${data.status}: ${data.reason ?? NO_REASON}` : "it has not ended";
  const details = { output_id: data.output_id, status: data.status, retry_after_seconds: wait };
  const error = new ToolError("NO_RESULT", `The job has no result: ${why}.`, { details });
  return failure(error, "", new Date(answer.timestamp));
}

function succeeded(request: HttpRequest, { data }: ToolSuccess<ToolData>): [number, Headers] {
  const { status, completedOnly } = routeOf(request);
  const headers: Record<string, string | number> = {};
  if (status !== 200) headers["Location"] = `${request.requestContext.path.replace(/\/$/, "")}/${idOf(data)}`;
  const wait = "retry_after_seconds" in data ? data.retry_after_seconds : null;
  if (wait !== null) headers["Retry-After"] = Math.ceil(wait);
  if (completedOnly) headers["Cache-Control"] = `private, max-age=${RESULT_CACHE_SECONDS}`;
  return [status, headers];
}

function failed({ error_code: code, details }: ToolFailure): Headers {
  const wait = details?.["retry_after_seconds"];
  if (typeof wait === "number") return { "Retry-After": Math.ceil(wait) };
  return HTTP_STATUS[code] === 503 ? { "Retry-After": BUSY_SECONDS } : {};
}

/** When to repeat a call while AWS is busy. */
const BUSY_SECONDS = 5;

function idOf(data: ToolData): string {
  if ("output_id" in data) return data.output_id;
  return "file" in data
    ? data.file.slice(data.file.indexOf(SUBMITTED_PREFIX) + SUBMITTED_PREFIX.length, -".fasta".length)
    : "";
}
