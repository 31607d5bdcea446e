import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { ErrorCode, Fault } from "../contract/errors.js";
import type {
  GetResultsData,
  GetResultsInput,
  InvokeEndpointData,
  InvokeEndpointInput,
  ToolAnswer,
  ToolName,
} from "../contract/tools.js";

/** What a caller may leave out of `invoke_endpoint`: everything but the sequence. */
export type Submission = Pick<InvokeEndpointInput, "sequence"> & Partial<InvokeEndpointInput>;

/** What a caller may leave out of `get_results`: everything but the job's id. */
export type ResultsQuery = Pick<GetResultsInput, "output_id"> & Partial<GetResultsInput>;

/** A tool's refusal, with its code and everything that it found wrong. */
export class ToolCallError extends Error {
  override readonly name = "ToolCallError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly faults: readonly Fault[],
  ) {
    super(message);
  }
}

/** The tools' function did not answer as the contract says: it crashed, ran out of time, or is another function. */
export class ToolsUnavailableError extends Error {
  override readonly name = "ToolsUnavailableError";
}

/** The two tools, called through their Lambda function. */
export class ToolsClient {
  /**
   * @param lambda the SDK's client; `AWS_ENDPOINT_URL` decides whether it talks to AWS or to the local twin
   * @param functionName the stack's output `lambdaFunctionName`
   */
  constructor(
    private readonly lambda: LambdaClient,
    private readonly functionName: string,
  ) {}

  /**
   * Submits one protein.
   *
   * @throws ToolCallError where the tool refuses; ToolsUnavailableError where the function does not answer
   */
  invokeEndpoint(submission: Submission): Promise<InvokeEndpointData> {
    return this.call<InvokeEndpointData>("invoke_endpoint", submission);
  }

  /**
   * Asks for a job's state, and for its result once it is there.
   *
   * @throws ToolCallError where the tool refuses; ToolsUnavailableError where the function does not answer
   */
  getResults(query: ResultsQuery): Promise<GetResultsData> {
    return this.call<GetResultsData>("get_results", query);
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
