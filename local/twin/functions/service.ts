import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { arnOf } from "../account.js";
import { operationOf } from "../awsProtocol.js";
import type { Clock } from "../clock.js";
import type { TwinFaults } from "../faults.js";
import { AwsError, notEmulated, readBody, sendJson } from "../http.js";
import type { Processes } from "../processes/processes.js";
import type { FunctionSettings } from "./environment.js";
import type { EventSource, SourceServices } from "./eventSource.js";
import type { WriteLog } from "./logs.js";
import { configurationOf, describeFunction, describeSource } from "./describe.js";
import { FunctionPool } from "./pool.js";
import { newTraceId, readClientContext, readEvent } from "./request.js";
import { repeat } from "./schedule.js";
import { logTail, MAX_PAYLOAD_BYTES, resultOf, type InvokeResult } from "./result.js";

const PATH = /^\/2015-03-31\/functions(?:\/([^/]*)(\/invocations)?)?\/?$/;

const SOURCES_PATH = "/2015-03-31/event-source-mappings";

const EMULATED = "it emulates Invoke, GetFunction, ListFunctions and ListEventSourceMappings";

/** Largest size of the event of an asynchronous request, in bytes. */
const MAX_EVENT_BYTES = 1_048_576;

/** Delays before Lambda retries an asynchronous event after an error, in ms. */
const RETRY_AFTER_MS = [60_000, 120_000];

export interface LambdaOptions {
  readonly endpointUrl: string;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly onLog: WriteLog;
  /** Called with one sentence for each batch of a queue or stream that failed. */
  readonly onFailure: (message: string) => void;
  /** Faults to inject; none by default. */
  readonly faults?: TwinFaults | undefined;
}

interface Deployed {
  readonly settings: FunctionSettings;
  readonly pool: FunctionPool;
}

/** Lambda: runs the bundles of the program in processes with the environment variables that the program sets. */
export class LambdaService {
  private readonly functions = new Map<string, Deployed>();
  private readonly sources: EventSource[] = [];
  private readonly schedules: (() => void)[] = [];

  constructor(private readonly options: LambdaOptions) {}

  /** Adds a function. */
  add(settings: FunctionSettings): void {
    const { endpointUrl, processes } = this.options;
    this.functions.set(settings.name, { settings, pool: new FunctionPool(settings, endpointUrl, processes) });
  }

  /** Connects a queue or stream with a function. */
  connect(sourceWith: (services: SourceServices) => EventSource): void {
    const { clock, onFailure } = this.options;
    const source = sourceWith({ invoke: this.call, onFailure, clock });
    this.sources.push(source);
    source.start();
  }

  /**
   * Calls a function with an event and waits for its answer.
   *
   * @throws AwsError `TooManyRequestsException` if the function is throttled
   */
  readonly call = (name: string, event: Buffer): Promise<InvokeResult> => this.run(this.named(name), event, undefined);

  /** ARN of the role of a function. */
  roleOf(name: string): string {
    return this.named(name).settings.role;
  }

  /**
   * Calls a function at each interval, in ms.
   *
   * @param event JSON
   */
  schedule(name: string, intervalMs: number, event = "{}"): void {
    const found = this.named(name);
    const sent = Buffer.from(event);
    this.schedules.push(repeat(this.options.clock, intervalMs, () => void this.runAsync(found, sent, undefined)));
  }

  /** Ends the schedules, the connections with queues and streams, and the processes of every function. */
  async stop(): Promise<void> {
    for (const end of this.schedules) end();
    await Promise.all(this.sources.map((source) => source.stop()));
    await Promise.all([...this.functions.values()].map(({ pool }) => pool.stop()));
  }

  /** Answers Invoke, GetFunction, ListFunctions and ListEventSourceMappings. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://twin");
    if (url.pathname.replace(/\/$/, "") === SOURCES_PATH && request.method === "GET") {
      const settings = this.sources.map((source) => source.settings);
      const wanted = url.searchParams.get("FunctionName");
      const shown = settings.filter(({ functionName }) => wanted === null || functionName === wanted);
      sendJson(response, 200, { EventSourceMappings: shown.map(describeSource) });
      return;
    }
    const [matched, name, invocations] = PATH.exec(url.pathname) ?? [];
    if (matched !== undefined && name && invocations && request.method === "POST") {
      await this.invoke(this.find(name, url), request, response);
    } else if (matched !== undefined && name && !invocations && request.method === "GET") {
      sendJson(response, 200, describeFunction(this.find(name, url).settings));
    } else if (matched !== undefined && !name && request.method === "GET") {
      const functions = [...this.functions.values()].map(({ settings }) => configurationOf(settings));
      sendJson(response, 200, { Functions: functions });
    } else {
      throw notEmulated("lambda", operationOf(request), EMULATED);
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
    const { clock, faults } = this.options;
    const fault = faults?.invocation?.(settings.name);
    if (fault?.kind === "throttle") throw new AwsError(429, "TooManyRequestsException", "Rate Exceeded.");
    const started = pool.run(() => ({
      requestId,
      functionArn: settings.arn,
      event,
      clientContext,
      traceId: newTraceId(),
      deadline: Date.now() + settings.timeoutSeconds * 1000,
      aheadMs: clock.aheadMs,
      endAfterMs: fault?.afterMs,
    }));
    const finished = await started.finally(() => faults?.invoked?.(settings.name));
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

  private named(name: string): Deployed {
    const found = this.functions.get(name);
    if (!found) throw new RangeError(`The program has no function ${name}.`);
    return found;
  }

  /** Finds a function by name, partial ARN or ARN; the only version is `$LATEST`. */
  private find(identifier: string, url: URL): Deployed {
    const parts = decodeURIComponent(identifier).split(":");
    const at = parts.lastIndexOf("function");
    const [name = "", qualifier = url.searchParams.get("Qualifier") ?? "$LATEST"] = parts.slice(at + 1);
    if (qualifier === "$LATEST" && this.functions.has(name)) return this.named(name);
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
