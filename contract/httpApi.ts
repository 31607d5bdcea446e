import type { ErrorCode } from "./errors.js";
import { TOOL_INPUTS, type ToolName } from "./tools.js";

/** HTTP status of each error: 4xx is for the caller to fix, 5xx for the operator, 503 and 429 to repeat. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, 400 | 404 | 409 | 413 | 500 | 503>> = {
  UNKNOWN_TOOL: 404,
  INVALID_INPUT: 400,
  EMPTY_SEQUENCE: 400,
  SEQUENCE_TOO_LONG: 413,
  INVALID_RESIDUE: 400,
  DNA_SEQUENCE: 400,
  MULTIPLE_SEQUENCES: 400,
  NOT_TEXT: 400,
  EMPTY_FILE: 400,
  FILE_TOO_LARGE: 413,
  FILE_UNREADABLE: 404,
  FASTA_OFF: 404,
  INVALID_REGION: 400,
  INVALID_GENOME_VARIANT: 400,
  GENOME_UNREADABLE: 400,
  NO_PROTEIN: 400,
  ALIGNER_MISSING: 500,
  ALIGNMENT_FAILED: 400,
  INVALID_VARIANT: 400,
  WILD_TYPE_MISMATCH: 400,
  INVALID_POSITIONS: 400,
  JOB_TOO_LONG: 413,
  INVALID_OUTPUT_ID: 400,
  INVALID_TAG: 400,
  INVALID_NEXT_TOKEN: 400,
  BUDGET_EXCEEDED: 503,
  TOO_MANY_ATTEMPTS: 409,
  UNKNOWN_MODEL: 404,
  NO_ACTIVE_MODEL: 503,
  UNKNOWN_JOB: 404,
  UNKNOWN_WORKFLOW: 404,
  NO_RESULT: 409,
  ENDPOINT_UNAVAILABLE: 503,
  ACCESS_DENIED: 500,
  SERVICE_BUSY: 503,
  RESULT_UNREADABLE: 500,
  RESULT_ARCHIVED: 409,
  INTERNAL_ERROR: 500,
};

/** Statuses with which API Gateway itself refuses a request, and why. */
export const GATEWAY_STATUS = {
  400: "the body is no JSON object with the arguments that the method needs, such as sequence",
  403: "the request has no valid signature, token or API key, or its caller may not do this",
  413: "the request is larger than 10 MB",
  429: "too many requests: over the rate, or over the quota of the API key",
  502: "the function failed, such as at its timeout",
  504: "the answer took longer than 29 seconds",
} as const;

/** What every method of the HTTP API has. */
export interface Route {
  readonly method: "get" | "post";
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Status of a success. */
  readonly status: 200 | 201 | 202;
}

/** A method of the HTTP API that is a call of one tool. */
export interface ApiRoute extends Route {
  readonly tool: ToolName;
  /** The argument that is in the path. */
  readonly inPath?: "output_id" | "upload_id";
  /** The arguments of the tool that are in the query. */
  readonly inQuery: readonly string[];
  /** Whether the arguments of the tool are the body. */
  readonly inBody?: true;
  /** Arguments that are always sent to the tool. */
  readonly always?: Readonly<Record<string, unknown>>;
  /** Whether only a completed job has this answer, which can then be cached. */
  readonly completedOnly?: true;
  /** Whether the method exists only with `fastaDrop`. */
  readonly uploads?: true;
}

const SUMMARY = ["top", "positions", "variants"] as const;

/** Every method of the HTTP API. */
export const API_ROUTES: readonly ApiRoute[] = [
  {
    method: "post",
    path: "/predictions",
    operationId: "createPrediction",
    summary:
      "Submits one protein. The same request is the same job: repeating it starts nothing. Location has the address to poll, Retry-After the seconds until then.",
    tool: "invoke_endpoint",
    inQuery: [],
    inBody: true,
    status: 202,
  },
  {
    method: "get",
    path: "/predictions",
    operationId: "listPredictions",
    summary: "Lists jobs, newest first.",
    tool: "list_jobs",
    inQuery: Object.keys(TOOL_INPUTS.list_jobs.shape),
    status: 200,
  },
  {
    method: "get",
    path: "/predictions/{output_id}",
    operationId: "getPrediction",
    summary: "State of a job, and a summary of its result once it is completed. Never cached.",
    tool: "get_results",
    inPath: "output_id",
    inQuery: [...SUMMARY, "submission_id"],
    always: { detail: "summary" },
    status: 200,
  },
  {
    method: "get",
    path: "/predictions/{output_id}/result",
    operationId: "getPredictionResult",
    summary:
      "Summary of the result of a completed job, with a link to the whole matrix; 409 for every other job. Can be cached.",
    tool: "get_results",
    inPath: "output_id",
    inQuery: SUMMARY,
    always: { detail: "summary" },
    status: 200,
    completedOnly: true,
  },
  {
    method: "post",
    path: "/predictions/{output_id}/cancel",
    operationId: "cancelPrediction",
    summary: "Cancels a job that has not ended.",
    tool: "cancel_job",
    inPath: "output_id",
    inQuery: [],
    status: 200,
  },
  {
    method: "post",
    path: "/uploads",
    operationId: "createUpload",
    summary:
      "A form with which one FASTA file is uploaded to S3: each of its records becomes a job. Location has the address to poll.",
    tool: "submit_fasta",
    inQuery: [],
    always: { upload: true },
    status: 201,
    uploads: true,
  },
  {
    method: "get",
    path: "/uploads/{upload_id}",
    operationId: "getUpload",
    summary: "How far the jobs of an uploaded FASTA file are. 404 until the file is uploaded.",
    tool: "submit_fasta",
    inPath: "upload_id",
    inQuery: [],
    status: 200,
    uploads: true,
  },
];

/** The methods of a stack. */
export function apiRoutes({ uploads }: { readonly uploads: boolean }): readonly ApiRoute[] {
  return API_ROUTES.filter((route) => uploads || route.uploads !== true);
}
