import { createHash, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointAsyncCommand } from "@aws-sdk/client-sagemaker-runtime";
import { mockClient } from "aws-sdk-client-mock";
import type { APIGatewayProxyResult, Context } from "aws-lambda";
import type { JobEnvironment } from "../../../contract/environment.js";
import type { LedgerItem } from "../../../contract/jobs.js";
import type {
  CancelJobData,
  GetResultsData,
  InvokeEndpointData,
  ListJobsData,
  SubmitFastaData,
  ToolAnswer,
  ToolFailure,
  ToolSuccess,
} from "../../../contract/tools.js";
import { createClients } from "../../../lambda/shared/clients.js";
import { readSettings } from "../../../lambda/shared/settings.js";
import { createHandler, type ToolsOptions } from "../../../lambda/tools/handler.js";
import type { HttpRequest } from "../../../lambda/shared/httpEvent.js";
import { createServices } from "../../../lambda/shared/services.js";
import { Telemetry } from "../../../lambda/shared/telemetry.js";
import { caughtOutput } from "../../support/caughtOutput.js";
import { FakeTable } from "./dynamo.js";

export const BUCKET = "results-bucket";

/** The 65 residues that the demo scores. */
export const SEQUENCE = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG";

/** The environment of the tools' function, as the program sets it. */
export function jobEnvironment(changes: Partial<JobEnvironment> = {}): JobEnvironment {
  return {
    ENDPOINT_NAME: "protein-endpoint",
    BUCKET_NAME: BUCKET,
    JOB_TABLE_NAME: "jobs",
    MODEL_ID: "chandar-lab/AMPLIFY_120M",
    MODEL_REVISION: "main",
    MODEL_VERSION: "sha256:1111",
    JOB_RETENTION_DAYS: "365",
    MAX_CONCURRENT_INVOCATIONS: "4",
    MAX_INVOCATION_SECONDS: "900",
    MAX_CAPACITY: "2",
    MAX_ATTEMPTS: "5",
    SUBMISSION_TIMEOUT_SECONDS: "60",
    FUNCTION_TIMEOUT_SECONDS: "30",
    ...changes,
  };
}

/** A Lambda context; `custom` is the client context's map, as an AgentCore gateway sends it. */
export function toolsContext(custom?: Record<string, string>): Context {
  return {
    awsRequestId: "11111111-2222-3333-4444-555555555555",
    functionName: "protein-async-endpoint-lambda",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:protein-async-endpoint-lambda",
    memoryLimitInMB: "512",
    callbackWaitsForEmptyEventLoop: false,
    logGroupName: "logs",
    logStreamName: "stream",
    getRemainingTimeInMillis: () => 30_000,
    ...(custom && { clientContext: { custom } as unknown as NonNullable<Context["clientContext"]> }),
  } as Context;
}

/** An error like those that the AWS clients throw. */
export function awsError(name: string, message = name, status = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status, requestId: "aws-request" } });
}

interface FakeObject {
  readonly text: string;
  readonly modifiedAt: Date;
  readonly storageClass?: "STANDARD" | "STANDARD_IA" | "GLACIER";
}

/** The tools' function with a table, bucket, endpoint, clock and log in memory. */
export class ToolsWorld {
  now = new Date("2026-03-01T12:00:00.000Z");
  endpoint = {
    EndpointStatus: "InService",
    ProductionVariants: [{ VariantName: "AllTraffic", CurrentInstanceCount: 1 }],
  };
  /** The error with which the endpoint refuses every invocation; undefined: it accepts them. */
  refusal: Error | undefined;
  /** Objects by S3 address. */
  readonly objects = new Map<string, FakeObject>();
  /** The log of all calls. */
  logged = "";
  readonly table: FakeTable;
  readonly s3;
  readonly sageMaker;
  readonly runtime;
  readonly services;
  protected readonly clients;
  private readonly handler;

  constructor(environment: JobEnvironment = jobEnvironment(), options: ToolsOptions = {}) {
    const settings = readSettings(environment);
    const clients = createClients(settings.functionTimeoutSeconds, undefined, {
      region: "us-east-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
    });
    this.clients = clients;
    this.table = new FakeTable(clients.documents);
    this.s3 = mockClient(clients.s3);
    this.sageMaker = mockClient(clients.sageMaker);
    this.runtime = mockClient(clients.sageMakerRuntime);
    this.fakeBucket();
    this.sageMaker.on(DescribeEndpointCommand).callsFake(() => this.endpoint);
    this.runtime.on(InvokeEndpointAsyncCommand).callsFake(({ InferenceId }: { InferenceId: string }) => {
      if (this.refusal) throw this.refusal;
      const name = randomUUID();
      return {
        InferenceId,
        OutputLocation: `s3://${BUCKET}/async-inference-output/${name}.out`,
        FailureLocation: `s3://${BUCKET}/async-inference-failures/${name}-error.out`,
      };
    });
    const telemetry = new Telemetry("protein-async-endpoint-lambda");
    this.services = createServices(settings, clients, telemetry, () => this.now);
    this.handler = createHandler(this.services, options);
  }

  /** Calls the function, and adds its output to `logged`. */
  async call(
    event: unknown,
    context = toolsContext(),
  ): Promise<ToolAnswer<InvokeEndpointData | GetResultsData | ListJobsData | CancelJobData | SubmitFastaData>> {
    const answer = await this.quietly(() => this.handler(event, context));
    if ("statusCode" in answer) throw new Error("The event is a request of the HTTP API.");
    return answer;
  }

  /** Sends a request of the HTTP API to the function, and adds its output to `logged`. */
  async request(event: HttpRequest, context = toolsContext()): Promise<APIGatewayProxyResult> {
    const response = await this.quietly(() => this.handler(event, context));
    if (!("statusCode" in response)) throw new Error("The event is no request of the HTTP API.");
    return response;
  }

  /** Runs something, and adds its output to `logged`. */
  quietly<Value>(run: () => Promise<Value>): Promise<Value> {
    return caughtOutput(run, (text) => {
      this.logged += text;
    });
  }

  /** Submits a protein, and returns the data of the answer. */
  async submit(input: Record<string, unknown> = { sequence: SEQUENCE }): Promise<InvokeEndpointData> {
    return succeeded(await this.call({ tool_name: "invoke_endpoint", ...input })).data as InvokeEndpointData;
  }

  /** Gets the results of a job, and returns the data of the answer. */
  async results(outputId: string, input: Record<string, unknown> = {}): Promise<GetResultsData> {
    return succeeded(await this.call({ tool_name: "get_results", output_id: outputId, ...input }))
      .data as GetResultsData;
  }

  /** Lists jobs, and returns the data of the answer. */
  async list(input: Record<string, unknown> = {}): Promise<ListJobsData> {
    return succeeded(await this.call({ tool_name: "list_jobs", ...input })).data as ListJobsData;
  }

  /** Cancels a job, and returns the data of the answer. */
  async cancel(outputId: string): Promise<CancelJobData> {
    return succeeded(await this.call({ tool_name: "cancel_job", output_id: outputId })).data as CancelJobData;
  }

  /** The job in the ledger. */
  job(outputId: string): LedgerItem {
    const item = this.table.items.get(outputId);
    if (!item) throw new Error(`The ledger has no job ${outputId}.`);
    return item;
  }

  /** Writes the output object of a job, or its failure object. */
  write(outputId: string, kind: "output" | "failure", content: unknown, more: Partial<FakeObject> = {}): void {
    const { output_location: output = "", failure_location: failure = "" } = this.job(outputId);
    const text = typeof content === "string" ? content : JSON.stringify(content);
    this.objects.set(kind === "output" ? output : failure, { text, modifiedAt: this.now, ...more });
  }

  /** Advances the clock. */
  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1_000);
  }

  /** Number of invocations of the endpoint. */
  get invocations(): number {
    return this.runtime.commandCalls(InvokeEndpointAsyncCommand).length;
  }

  /** Whether nothing was stored, recorded or invoked. */
  get untouched(): boolean {
    return this.invocations === 0 && this.objects.size === 0 && this.table.items.size === 0;
  }

  private fakeBucket(): void {
    const uri = (input: { Bucket: string; Key: string }): string => `s3://${input.Bucket}/${input.Key}`;
    this.s3.on(PutObjectCommand).callsFake((input: { Bucket: string; Key: string; Body: string }) => {
      this.objects.set(uri(input), { text: input.Body, modifiedAt: this.now });
      return {};
    });
    this.s3.on(ListObjectsV2Command).callsFake(({ Bucket, Prefix }: { Bucket: string; Prefix: string }) => {
      const found = [...this.objects].filter(([address]) => address.startsWith(`s3://${Bucket}/${Prefix}`));
      return {
        Contents: found.map(([address, { text, modifiedAt, storageClass }]) => ({
          Key: address.slice(`s3://${Bucket}/`.length),
          ETag: `"${createHash("md5").update(text).digest("hex")}"`,
          LastModified: modifiedAt,
          StorageClass: storageClass ?? "STANDARD",
        })),
      };
    });
    this.s3.on(GetObjectCommand).callsFake((input: { Bucket: string; Key: string; IfMatch?: string }) => {
      const object = this.objects.get(uri(input));
      if (!object) throw new NoSuchKey({ message: "The specified key does not exist.", $metadata: {} });
      if (object.storageClass === "GLACIER") throw awsError("InvalidObjectState", "Archived", 403);
      const ETag = `"${createHash("md5").update(object.text).digest("hex")}"`;
      if (input.IfMatch !== undefined && input.IfMatch !== ETag) throw awsError("PreconditionFailed", "Changed", 412);
      const bytes = Buffer.from(object.text);
      const Body = Object.assign(Readable.from([bytes]), { transformToString: () => Promise.resolve(object.text) });
      return { Body, ETag, ContentLength: bytes.length };
    });
  }
}

/** The answer as a success; throws if it is a failure. */
export function succeeded<Data>(answer: ToolAnswer<Data>): ToolSuccess<Data> {
  if (!answer.success) throw new Error(`${answer.error_code}: ${answer.message}`);
  return answer;
}

/** The answer as a failure; throws if it is a success. */
export function failed(answer: ToolAnswer<unknown>): ToolFailure {
  if (answer.success) throw new Error(`The call succeeded: ${answer.message}`);
  return answer;
}
