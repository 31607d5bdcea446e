import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { listed, type ErrorCode, type Fault } from "../contract/errors.js";
import type {
  CancelJobData,
  GetResultsData,
  GetResultsInput,
  InvokeEndpointData,
  InvokeEndpointInput,
  ListJobsData,
  ListJobsInput,
  ToolAnswer,
  ToolName,
} from "../contract/tools.js";

/** Input of `invoke_endpoint`: only the sequence is required. */
export type Submission = Pick<InvokeEndpointInput, "sequence"> & Partial<InvokeEndpointInput>;

/** Input of `get_results`: only the id of the job is required. */
export type ResultsQuery = Pick<GetResultsInput, "output_id"> & Partial<GetResultsInput>;

/** A tool returned an error, with its code and all faults of the input. */
export class ToolCallError extends Error {
  override readonly name = "ToolCallError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly faults: readonly Fault[],
  ) {
    super(
      faults.length > 1
        ? listed(
            faults.map((fault) => fault.message),
            " ",
          )
        : message,
    );
  }
}

/** The tools' function returned no answer of a tool: it crashed, timed out, or is another function. */
export class ToolsUnavailableError extends Error {
  override readonly name = "ToolsUnavailableError";
}

/** Calls the tools through their Lambda function. */
export class ToolsClient {
  /**
   * @param lambda the client of the SDK; `AWS_ENDPOINT_URL` selects AWS or the local twin
   * @param functionName the stack's output `lambdaFunctionName`
   */
  constructor(
    private readonly lambda: LambdaClient,
    private readonly functionName: string,
  ) {}

  /**
   * Submits one protein.
   *
   * @throws ToolCallError where the tool returns an error; ToolsUnavailableError where the function fails
   */
  invokeEndpoint(submission: Submission): Promise<InvokeEndpointData> {
    return this.call<InvokeEndpointData>("invoke_endpoint", submission);
  }

  /**
   * Reads the state of a job, and its result once it is completed.
   *
   * @throws ToolCallError where the tool returns an error; ToolsUnavailableError where the function fails
   */
  getResults(query: ResultsQuery): Promise<GetResultsData> {
    return this.call<GetResultsData>("get_results", query);
  }

  /**
   * Lists jobs, newest first.
   *
   * @throws ToolCallError where the tool returns an error; ToolsUnavailableError where the function fails
   */
  listJobs(query: Partial<ListJobsInput>): Promise<ListJobsData> {
    return this.call<ListJobsData>("list_jobs", query);
  }

  /**
   * Cancels a job that has not ended.
   *
   * @throws ToolCallError where the tool returns an error; ToolsUnavailableError where the function fails
   */
  cancelJob(outputId: string): Promise<CancelJobData> {
    return this.call<CancelJobData>("cancel_job", { output_id: outputId });
  }

  private async call<Data>(tool: ToolName, input: object): Promise<Data> {
    const { Payload, FunctionError } = await this.lambda.send(
      new InvokeCommand({ FunctionName: this.functionName, Payload: JSON.stringify({ tool_name: tool, ...input }) }),
    );
    const text = Payload ? new TextDecoder().decode(Payload) : "";
    if (FunctionError) {
      throw new ToolsUnavailableError(`Function ${this.functionName} failed (${FunctionError}): ${text}`);
    }
    const answer = JSON.parse(text) as ToolAnswer<Data>;
    if (answer.success) return answer.data;
    throw new ToolCallError(answer.error_code, answer.message, answer.errors ?? []);
  }
}
