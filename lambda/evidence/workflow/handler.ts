import type { APIGatewayProxyResult, Context } from "aws-lambda";
import * as z from "zod";
import { InputError, quoted, ToolError } from "../../../contract/errors.js";
import { HTTP_STATUS } from "../../../contract/httpApi.js";
import type { ToolAnswer } from "../../../contract/tools.js";
import { isWorkflowId } from "../../../contract/workflow.js";
import {
  WORKFLOW_ACTIONS,
  WORKFLOW_ROUTES,
  type WorkflowAction,
  type WorkflowRoute,
} from "../../../contract/workflowApi.js";
import type { WorkflowData } from "../../../contract/workflowData.js";
import { failure, success, type Done } from "../../shared/answers.js";
import { jsonResponse, readBody, readRequest, type Headers, type HttpRequest } from "../../shared/httpEvent.js";
import { redactor } from "../../shared/redaction.js";
import { cancelWorkflow, getWorkflow } from "./currentWorkflow.js";
import { callerOf, DIRECT, type Caller } from "./caller.js";
import type { WorkflowServices } from "./services.js";
import { startWorkflow } from "./startWorkflow.js";
import { explainPosition, getResults, type PositionEvidence, type WorkflowResults } from "./workflowResults.js";

/** `data` of an answer about workflows. */
export type WorkflowAnswerData = WorkflowData | WorkflowResults | PositionEvidence;

/** The function of workflows: it answers direct calls and requests of the HTTP API, and never throws. */
export type WorkflowHandler = (
  event: unknown,
  context: Context,
) => Promise<ToolAnswer<WorkflowAnswerData> | APIGatewayProxyResult>;

/** What a call asks for. */
interface Call {
  readonly action: WorkflowAction;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Creates the function of workflows. Every call is in the audit, whether it succeeds or not; a call that cannot be recorded
 * is not answered.
 *
 * @param origins origins of web pages that may call the HTTP API
 */
export function createWorkflowHandler(services: WorkflowServices, origins: readonly string[] = []): WorkflowHandler {
  const { telemetry, now } = services;
  const answer = async (
    who: () => Caller,
    read: () => Call,
    context: Context,
  ): Promise<ToolAnswer<WorkflowAnswerData>> => {
    telemetry.begin(context);
    let caller: Caller | undefined;
    let call: Call | undefined;
    const recorded = async (result: string, id: unknown): Promise<void> => {
      await services.audit.record(
        {
          owner: caller?.owner ?? "unknown",
          action: call?.action ?? "unknown",
          // Whatever else a caller sends could be a sequence.
          ...(typeof id === "string" && isWorkflowId(id) && { workflow_id: id }),
          source_ip: caller?.sourceIp ?? "unknown",
          result,
          request_id: context.awsRequestId,
        },
        now(),
      );
    };
    try {
      caller = who();
      const known = read();
      call = known;
      const done = await act(known, caller.owner, services);
      await recorded("OK", "workflow_id" in done.data ? done.data.workflow_id : undefined);
      return success(done, now());
    } catch (error) {
      const code = error instanceof ToolError ? error.code : "INTERNAL_ERROR";
      if (error instanceof ToolError && error.cause === undefined)
        telemetry.info("Call of a workflow refused", { action: call?.action, error_code: code });
      else telemetry.error("Call of a workflow failed", error, redactor(call?.input ?? {}));
      const answered = failure(error, context.awsRequestId, now());
      try {
        await recorded(code, call?.input["workflow_id"]);
        return answered;
      } catch (fault) {
        telemetry.error("A call could not be recorded in the audit", fault, redactor({}));
        return failure(fault, context.awsRequestId, now());
      }
    } finally {
      telemetry.end();
    }
  };
  return async (event, context) => {
    const request = readRequest(event);
    if (request === undefined) {
      return answer(
        () => DIRECT,
        () => readCall(event),
        context,
      );
    }
    const answered = await answer(
      () => callerOf(event),
      () => calledAction(request),
      context,
    );
    return responseOf(request, answered, origins);
  };
}

function act({ action, input }: Call, owner: string, services: WorkflowServices): Promise<Done<WorkflowAnswerData>> {
  const id = typeof input["workflow_id"] === "string" ? input["workflow_id"] : "";
  switch (action) {
    case "start_workflow":
      return startWorkflow(input, owner, services);
    case "get_workflow":
      return getWorkflow(id, owner, services);
    case "get_workflow_results":
      return getResults(id, owner, services);
    case "cancel_workflow":
      return cancelWorkflow(id, owner, services);
    case "explain_position":
      return explainPosition(readPosition(input), owner, services);
  }
}

const directCall = z.looseObject({ action: z.enum(WORKFLOW_ACTIONS) });

function readCall(event: unknown): Call {
  const read = directCall.safeParse(event);
  if (!read.success) {
    throw new ToolError("UNKNOWN_TOOL", `The call has no action of ${WORKFLOW_ACTIONS.join(", ")}.`);
  }
  const { action, ...input } = read.data;
  return { action, input };
}

const positionInput = z.object({ output_id: z.uuid(), position: z.int().min(1) });

function readPosition(input: Call["input"]): { readonly jobId: string; readonly position: number } {
  const read = positionInput.safeParse(input);
  if (read.success) return { jobId: read.data.output_id, position: read.data.position };
  throw new InputError("INVALID_INPUT", "explain_position takes output_id, the id of a job, and position, from 1.");
}

function routeOf({ httpMethod, resource }: HttpRequest): WorkflowRoute {
  const found = WORKFLOW_ROUTES.find(({ method, path }) => method === httpMethod.toLowerCase() && path === resource);
  if (found) return found;
  throw new ToolError("UNKNOWN_TOOL", `The API has no method ${quoted(`${httpMethod} ${resource}`)}.`);
}

function calledAction(request: HttpRequest): Call {
  const { action, always } = routeOf(request);
  const id = request.pathParameters?.["workflow_id"];
  if (action !== "start_workflow") return { action, input: { workflow_id: id ?? "" } };
  return { action, input: { ...readBody(request), ...always } };
}

/** When to repeat a call while AWS is busy, in seconds. */
const BUSY_SECONDS = 5;

function responseOf(
  request: HttpRequest,
  answer: ToolAnswer<WorkflowAnswerData>,
  origins: readonly string[],
): APIGatewayProxyResult {
  return jsonResponse(request, origins, answer.success ? succeeded(request, answer.data) : failed(answer), answer);
}

function succeeded(request: HttpRequest, data: WorkflowAnswerData): [number, Headers] {
  const { status } = routeOf(request);
  const wait = "retry_after_seconds" in data ? data.retry_after_seconds : null;
  const stage = request.requestContext.path.replace(/\/(?:workflows|analysis\/\w+)\/?$/, "");
  return [
    status,
    {
      ...(status === 202 && { Location: `${stage}/workflows/${data.workflow_id ?? ""}` }),
      ...(wait !== null && { "Retry-After": wait }),
    },
  ];
}

function failed(answer: Extract<ToolAnswer<WorkflowAnswerData>, { success: false }>): [number, Headers] {
  const status = HTTP_STATUS[answer.error_code];
  const wait = answer.details?.["retry_after_seconds"] ?? (status === 503 ? BUSY_SECONDS : null);
  return [status, typeof wait === "number" ? { "Retry-After": wait } : {}];
}
