import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import type { APIGatewayProxyResult } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import type { AuditItem } from "../../../../contract/audit.js";
import type { AlignmentAnswer, RetrievalAnswer } from "../../../../contract/evidence.js";
import type { EvidenceTable } from "../../../../contract/evidenceTable.js";
import type { ProteinVariants } from "../../../../contract/genome.js";
import type { LedgerItem } from "../../../../contract/jobs.js";
import { s3Uri, type S3Location } from "../../../../contract/storage.js";
import type { ToolAnswer } from "../../../../contract/tools.js";
import {
  workflowFile,
  type Ended,
  type GatheredFirst,
  type Plan,
  type StateError,
  type WorkflowExecution,
  type WorkflowItem,
} from "../../../../contract/workflow.js";
import type { WorkflowData } from "../../../../contract/workflowData.js";
import { record } from "../../../../lambda/jobs/record.js";
import { readNotification } from "../../../../lambda/jobs/notification.js";
import { createStepHandler } from "../../../../lambda/evidence/steps/handler.js";
import { AuditLog } from "../../../../lambda/evidence/workflow/audit.js";
import { createWorkflowHandler, type WorkflowAnswerData } from "../../../../lambda/evidence/workflow/handler.js";
import { WorkflowStore } from "../../../../lambda/evidence/workflow/workflowStore.js";
import { ObjectStore } from "../../../../lambda/shared/objectStore.js";
import { WaitStore } from "../../../../lambda/shared/waitStore.js";
import { effectsOf } from "../../../support/effects.js";
import { JOB_FAILED, type Branches } from "./branches.js";
import { notificationOf } from "../../support/recorder.js";
import { BUCKET, succeeded, toolsContext, ToolsWorld } from "../../support/world.js";

export const MACHINE_ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:protein-evidence";
export const ALICE = "arn:aws:iam::123456789012:user/alice";
export const BOB = "arn:aws:iam::123456789012:user/bob";

/** The functions of workflows in memory, with what their state machine calls. */
export class WorkflowWorld extends ToolsWorld {
  readonly executions: { readonly name: string; readonly input: WorkflowExecution }[] = [];
  readonly stopped: string[] = [];
  /** What the states of all executions got and gave. */
  readonly states: unknown[] = [];
  /** What Step Functions says of every execution. */
  execution: { readonly status: string; readonly stopDate?: Date } = { status: "RUNNING" };
  readonly answered: { readonly token: string; readonly kind: "success" | "failure" }[] = [];
  readonly machines = new SFNClient({ region: "us-east-1" });
  readonly machineMock;
  private readonly front;
  private readonly steps;
  private readonly waits;

  constructor() {
    super();
    this.machineMock = mockClient(this.machines);
    this.machineMock.on(StartExecutionCommand).callsFake(({ name, input }: { name: string; input: string }) => {
      this.executions.push({ name, input: JSON.parse(input) as WorkflowExecution });
      return {};
    });
    this.machineMock.on(DescribeExecutionCommand).callsFake(() => this.execution);
    this.machineMock.on(StopExecutionCommand).callsFake(({ executionArn }: { executionArn: string }) => {
      this.stopped.push(executionArn);
      return {};
    });
    const answer = (token: string, kind: "success" | "failure"): Promise<boolean> => {
      this.answered.push({ token, kind });
      return Promise.resolve(true);
    };
    this.waits = {
      store: new WaitStore(this.clients.documents, "jobs"),
      answers: {
        succeed: (token: string) => answer(token, "success"),
        fail: (token: string) => answer(token, "failure"),
      },
    };
    const workflows = new WorkflowStore(this.clients.documents, "jobs");
    const audit = new AuditLog(this.clients.documents, "jobs");
    const common = { s3: this.clients.s3, workflows, audit };
    this.front = createWorkflowHandler(
      {
        ...common,
        settings: { bucketName: BUCKET, machineArn: MACHINE_ARN },
        objects: new ObjectStore(this.clients.s3),
        machines: this.machines,
        telemetry: this.services.telemetry,
        now: () => this.now,
      },
      ["https://lab.example.org"],
    );
    this.steps = createStepHandler({ ...this.services, ...common, waits: this.waits });
  }

  /** A direct call of the function of workflows. */
  async direct(action: string, input: object = {}): Promise<ToolAnswer<WorkflowAnswerData>> {
    const answer = await this.quietly(() => this.front({ action, ...input }, toolsContext()));
    if ("statusCode" in answer) throw new Error("The call is a request of the HTTP API.");
    return answer;
  }

  /** Starts a workflow by a direct call. */
  async start(input: object): Promise<WorkflowData> {
    return succeeded(await this.direct("start_workflow", input)).data as WorkflowData;
  }

  /** A request of the HTTP API, in the name of an identity. */
  async http(
    method: string,
    resource: string,
    { userArn = ALICE, claims, body, id, origin }: HttpOptions = {},
  ): Promise<APIGatewayProxyResult & { readonly read: Answered }> {
    const event = {
      httpMethod: method,
      resource,
      headers: origin === undefined ? {} : { Origin: origin },
      body: body === undefined ? null : JSON.stringify(body),
      isBase64Encoded: false,
      pathParameters: id === undefined ? null : { workflow_id: id },
      queryStringParameters: null,
      requestContext: {
        path: `/v1${resource.replace("{workflow_id}", id ?? "")}`,
        identity: { sourceIp: "203.0.113.7", userArn },
        authorizer: claims ? { claims } : null,
      },
    };
    const response = await this.quietly(() => this.front(event, toolsContext()));
    if (!("statusCode" in response)) throw new Error("The call is no request of the HTTP API.");
    return { ...response, read: JSON.parse(response.body) as Answered };
  }

  /** Runs a step. */
  async step(event: object): Promise<unknown> {
    this.states.push(event);
    const answer = await this.quietly(() => this.steps(event, toolsContext()));
    this.states.push(answer);
    return answer;
  }

  /** Runs a started workflow as its state machine does, with the answers of the other functions. */
  async run(id: string, branches: Branches = {}): Promise<EvidenceTable | undefined> {
    try {
      const plan = (await this.step({ task: "prepare", state: this.first(id, branches) })) as Plan;
      const scored = plan.score ? await this.scored(id, branches) : {};
      const sources = plan.sources.map(({ source, output }) => {
        const answer = branches.sources?.[source];
        if (answer !== undefined && "Error" in answer) return { source, error: answer };
        if (answer !== undefined) this.put(output, answer);
        return { source };
      });
      const aligned = plan.align ? { alignment: this.aligned(plan.align.output, branches) } : {};
      await this.step({ task: "join", state: { ...plan, gathered: [scored, sources, aligned] } });
      await this.step({ task: "report", workflow: id });
    } catch (error) {
      const { name, message } = error as Error;
      const cause = JSON.stringify({ errorType: name, errorMessage: message });
      await this.step({ task: "fail", workflow: id, error: { Error: name, Cause: cause } });
    }
    const text = this.text(workflowFile(id, "table"));
    return text === undefined ? undefined : (JSON.parse(text) as EvidenceTable);
  }

  /** Starts a workflow and runs it; throws its reason if it has no table. */
  async gathered(input: object, branches: Branches = {}): Promise<{ id: string; table: EvidenceTable }> {
    const { workflow_id: id } = await this.start(input);
    const table = await this.run(id, branches);
    if (table === undefined) throw new Error(this.workflow(id).reason ?? "The workflow has no table.");
    return { id, table };
  }

  workflow(id: string): WorkflowItem {
    return this.table.items.get(`workflow/${id}`) as unknown as WorkflowItem;
  }

  audit(): AuditItem[] {
    const items = [...this.table.items.values()] as unknown as AuditItem[];
    return items.filter(({ output_id: key }) => key.startsWith("audit/"));
  }

  text(key: string): string | undefined {
    return this.objects.get(`s3://${BUCKET}/${key}`)?.text;
  }

  put(location: S3Location, content: unknown): void {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    this.objects.set(s3Uri(location), { text, modifiedAt: this.now });
  }

  /** What the functions before the preparation answer. */
  private first(
    id: string,
    { protein, retrieval, failedRegions = [], failedCount = failedRegions.length }: Branches,
  ): GatheredFirst {
    const { input } = this.executions.find(({ name }) => name === id) ?? {};
    const state: { -readonly [Key in keyof GatheredFirst]: GatheredFirst[Key] } = { workflow: id };
    if (input?.resolve && protein) {
      if (!("Error" in protein)) this.put(input.resolve.output, protein);
      state.resolution = "Error" in protein ? { error: protein } : { answer: { status: "ok" } };
    }
    if (input?.retrieve && retrieval) {
      state.retrieval =
        "Error" in retrieval
          ? { error: retrieval }
          : { answer: this.retrieved(input.retrieve.output, retrieval, failedRegions, failedCount) };
    }
    return state;
  }

  private retrieved(
    output: S3Location,
    { variants, fasta }: { readonly variants: readonly ProteinVariants[]; readonly fasta: string },
    failed: RetrievalAnswer["failed"],
    failedCount: number,
  ): RetrievalAnswer {
    const at = (name: string): S3Location => ({ ...output, key: `${output.key}${name}` });
    this.put(at("proteins.fa"), fasta);
    this.put(at("seqinfo.json"), {});
    this.put(at("variants.json"), variants);
    return {
      sequences: at("proteins.fa"),
      sequence_info: at("seqinfo.json"),
      variants: at("variants.json"),
      count: fasta.split(">").length - 1,
      failed,
      failed_count: failedCount,
    };
  }

  /** What a state has of an alignment: of a job, what it ended with is beside the alignment. */
  private aligned(output: S3Location, branches: Branches): Ended<AlignmentAnswer> & { readonly job?: string } {
    const ended = this.alignedBy(output, branches);
    if (branches.job === undefined) return ended;
    if (branches.job !== "lost") this.put({ ...output, key: `${output.key}ended.json` }, ended);
    return branches.job === "failed" ? { error: JOB_FAILED } : { job: "1" };
  }

  private alignedBy(
    output: S3Location,
    { conservation, notAligned = [], failedCount = notAligned.length }: Branches,
  ): Ended<AlignmentAnswer> {
    if (conservation === undefined || "Error" in conservation) {
      return { error: conservation ?? { Error: "States.Timeout" } };
    }
    const at = (name: string): S3Location => ({ ...output, key: `${output.key}${name}` });
    this.put(at("conservation.json"), conservation);
    const { sequences, n_eff } = conservation;
    return {
      answer: {
        alignment: at("alignment.aln"),
        aligned_sequence_info: at("aligned_seq_info.json"),
        conservation: at("conservation.json"),
        sequences,
        n_eff,
        failed: notAligned,
        failed_count: failedCount,
      },
    };
  }

  /** Submits the protein, and lets the recorder answer its task. */
  private async scored(
    id: string,
    { model = "Completed", result = effectsOf }: Branches,
  ): Promise<{ readonly error?: StateError }> {
    await this.step({ task: "score", workflow: id, token: `token-${id}` });
    const job = this.table.items.get(this.workflow(id).job_id ?? "") as LedgerItem;
    if (job.state === "in_progress") {
      const { sequence } = JSON.parse(this.text(`async-inference-input/${job.output_id}.json`) ?? "{}") as {
        sequence: string;
      };
      if (model === "Completed") this.write(job.output_id, "output", result(sequence));
      else this.write(job.output_id, "failure", { error: "CUDA out of memory" });
      const notification = JSON.stringify(notificationOf(this, job.output_id, model));
      const services = { ...this.services, waits: this.waits };
      await this.quietly(() => record(readNotification(notification), services));
    }
    const kind = this.answered.findLast(({ token }) => token === `token-${id}`)?.kind;
    return kind === "success" ? {} : { error: { Error: "NoProteinCompleted", Cause: "None of the 1 jobs completed." } };
  }
}

interface HttpOptions {
  readonly userArn?: string | null;
  readonly claims?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly id?: string;
  readonly origin?: string;
}

interface Answered {
  readonly success: boolean;
  readonly error_code?: string;
  readonly message: string;
  readonly data: WorkflowData & { readonly evidence?: EvidenceTable };
}
