import { setTimeout as delay } from "node:timers/promises";
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { EvidenceRow } from "../contract/evidence.js";
import type { EvidenceTable } from "../contract/evidenceTable.js";
import { parseS3Uri } from "../contract/storage.js";
import type { ToolAnswer } from "../contract/tools.js";
import type { WorkflowInput } from "../contract/workflow.js";
import type { WorkflowAction } from "../contract/workflowApi.js";
import type { WorkflowData } from "../contract/workflowData.js";
import { ToolCallError, ToolsUnavailableError } from "./tools.js";

/** What the newest completed workflow of a job says about one position. */
export interface PositionEvidence {
  readonly workflow_id: string | null;
  readonly rows: readonly EvidenceRow[];
  readonly sources: readonly { readonly source: string; readonly status: string; readonly reason?: string }[];
  readonly left_out: number;
  readonly notice: string;
}

interface Results {
  readonly evidence: EvidenceTable | null;
  readonly s3_table_path: string;
}

/** Calls the workflows of a stack with `evidence` through their Lambda function. */
export class WorkflowsClient {
  /**
   * @param lambda the client of the SDK; `AWS_ENDPOINT_URL` selects AWS or the local twin
   * @param functionName the stack's output `workflowFunctionName`
   */
  constructor(
    private readonly lambda: LambdaClient,
    private readonly s3: S3Client,
    private readonly functionName: string,
  ) {}

  /**
   * Starts a workflow.
   *
   * @throws ToolCallError where the function returns an error; ToolsUnavailableError where it fails
   */
  start(input: WorkflowInput): Promise<WorkflowData> {
    return this.call<WorkflowData>("start_workflow", input);
  }

  /** Reads the state of a workflow. */
  get(id: string): Promise<WorkflowData> {
    return this.call<WorkflowData>("get_workflow", { workflow_id: id });
  }

  /** Cancels a workflow that has not ended. */
  cancel(id: string): Promise<WorkflowData> {
    return this.call<WorkflowData>("cancel_workflow", { workflow_id: id });
  }

  /**
   * Waits for the end of a workflow.
   *
   * @param options.everyMs time between two looks, in milliseconds. Default: what the workflow says
   * @throws the reason of the signal
   */
  async ended(
    id: string,
    { signal, everyMs }: { readonly signal?: AbortSignal | undefined; readonly everyMs?: number } = {},
  ): Promise<WorkflowData> {
    for (;;) {
      const workflow = await this.get(id);
      if (workflow.retry_after_seconds === null) return workflow;
      await delay(everyMs ?? workflow.retry_after_seconds * 1_000, undefined, signal && { signal });
    }
  }

  /** The table of a completed workflow: that of the answer, or the object in S3 where it is too large for one. */
  async table(id: string): Promise<EvidenceTable> {
    const { evidence, s3_table_path: address } = await this.call<Results>("get_workflow_results", { workflow_id: id });
    if (evidence !== null) return evidence;
    const { bucket, key } = parseS3Uri(address);
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString("utf-8")) ?? "") as EvidenceTable;
  }

  /** What the newest completed workflow of a job says about a position, 1-based. */
  explainPosition(outputId: string, position: number): Promise<PositionEvidence> {
    return this.call<PositionEvidence>("explain_position", { output_id: outputId, position });
  }

  private async call<Data>(action: WorkflowAction, input: object): Promise<Data> {
    const Payload = JSON.stringify({ ...input, action });
    const answer = await this.lambda.send(new InvokeCommand({ FunctionName: this.functionName, Payload }));
    const text = answer.Payload ? new TextDecoder().decode(answer.Payload) : "";
    if (answer.FunctionError) {
      throw new ToolsUnavailableError(`Function ${this.functionName} failed (${answer.FunctionError}): ${text}`);
    }
    const read = JSON.parse(text) as ToolAnswer<Data>;
    if (read.success) return read.data;
    throw new ToolCallError(read.error_code, read.message, read.errors ?? []);
  }
}
