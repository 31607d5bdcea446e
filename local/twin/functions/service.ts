import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { arnOf } from "../account.js";
import { operationOf } from "../awsProtocol.js";
import type { Clock } from "../clock.js";
import { AwsError, notEmulated, readBody, sendJson } from "../http.js";
import type { Processes } from "../processes/processes.js";
import type { FunctionSettings } from "./environment.js";
import type { WriteLog } from "./logs.js";
import { configurationOf, describeFunction } from "./describe.js";
import { FunctionPool } from "./pool.js";
import { newTraceId, readClientContext, readEvent } from "./request.js";
import { logTail, MAX_PAYLOAD_BYTES, resultOf, type InvokeResult } from "./result.js";

const PATH = /^\/2015-03-31\/functions(?:\/([^/]*)(\/invocations)?)?\/?$/;

/** Largest size of the event of an asynchronous request, in bytes. */
const MAX_EVENT_BYTES = 1_048_576;

/** Delays before Lambda retries an asynchronous event after an error, in ms. */
const RETRY_AFTER_MS = [60_000, 120_000];

export interface LambdaOptions {
  readonly endpointUrl: string;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly onLog: WriteLog;
}

interface Deployed {
  readonly settings: FunctionSettings;
  readonly pool: FunctionPool;
}

/** Lambda: runs the bundles of the program in processes with the environment variables that the program sets. */
export class LambdaService {
  private readonly functions = new Map<string, Deployed>();

  constructor(private readonly options: LambdaOptions) {}

  /** Adds a function. */
  add(settings: FunctionSettings): void {
    const { endpointUrl, processes } = this.options;
    this.functions.set(settings.name, { settings, pool: new FunctionPool(settings, endpointUrl, processes) });
  }

  /** Ends the processes of every function. */
  async stop(): Promise<void> {
    await Promise.all([...this.functions.values()].map(({ pool }) => pool.stop()));
  }

  /** Answers Invoke, GetFunction and ListFunctions. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://twin");
    const [matched, name, invocations] = PATH.exec(url.pathname) ?? [];
    if (matched !== undefined && name && invocations && request.method === "POST") {
      await this.invoke(this.find(name, url), request, response);
    } else if (matched !== undefined && name && !invocations && request.method === "GET") {
      sendJson(response, 200, describeFunction(this.find(name, url).settings));
    } else if (matched !== undefined && !name && request.method === "GET") {
      const functions = [...this.functions.values()].map(({ settings }) => configurationOf(settings));
      sendJson(response, 200, { Functions: functions });
    } else {
      throw notEmulated("lambda", operationOf(request), "it emulates Invoke, GetFunction and ListFunctions");
    }
  }

  private async invoke(found: Deployed, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
    const limit = type === "Event" ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES;
    const body = await readBody(request, limit, () => {
      const message = `Request must be smaller than ${limit} bytes for the Invoke operation`;
      return new AwsError(413, "RequestTooLargeException", message);
    });
    const event = readEvent(body);
    const clientContext = readClientContext(request);
    if (type === "DryRun") {
      response.writeHead(204).end();
    } else if (type === "Event") {
      void this.runAsync(found, event, clientContext);
      response.writeHead(202, { "content-length": 0 }).end();
    } else {
      send(response, await this.run(found, event, clientContext), request.headers["x-amz-log-type"] === "Tail");
    }
  }

  private async run(
    { settings, pool }: Deployed,
    event: Buffer,
    clientContext: string | undefined,
    requestId: string = randomUUID(),
  ): Promise<InvokeResult> {
    const finished = await pool.run(() => ({
      requestId,
      functionArn: settings.arn,
      event,
      clientContext,
      traceId: newTraceId(),
      deadline: Date.now() + settings.timeoutSeconds * 1000,
    }));
    const result = resultOf(settings, requestId, finished);
    this.options.onLog(settings.logGroup, finished.logStream, result.log);
    return result;
  }

  private async runAsync(found: Deployed, event: Buffer, context: string | undefined, attempt = 0): Promise<void> {
    const failed = await this.run(found, event, context).then(
      (result) => result.failed,
      () => true,
    );
    const delay = RETRY_AFTER_MS[attempt];
    if (!failed || delay === undefined) return;
    this.options.clock.after(delay, () => void this.runAsync(found, event, context, attempt + 1));
  }

  /** Finds a function by name, partial ARN or ARN; the only version is `$LATEST`. */
  private find(identifier: string, url: URL): Deployed {
    const parts = decodeURIComponent(identifier).split(":");
    const at = parts.lastIndexOf("function");
    const [name = "", qualifier = url.searchParams.get("Qualifier") ?? "$LATEST"] = parts.slice(at + 1);
    const found = this.functions.get(name);
    if (found && qualifier === "$LATEST") return found;
    const arn = arnOf("lambda", `function:${name}${qualifier === "$LATEST" ? "" : `:${qualifier}`}`);
    throw new AwsError(404, "ResourceNotFoundException", `Function not found: ${arn}`);
  }
}

function send(response: ServerResponse, { failed, payload, log }: InvokeResult, tail: boolean): void {
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": payload.length,
    "x-amz-executed-version": "$LATEST",
    ...(failed ? { "x-amz-function-error": "Unhandled" } : {}),
    ...(tail ? { "x-amz-log-result": logTail(log) } : {}),
  });
  response.end(payload);
}
