import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readAll } from "../http.js";
import { listen, LOOPBACK } from "../processes/ports.js";

/** One event for a handler. */
export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  /** JSON. */
  readonly event: Buffer;
  /** JSON, as the caller sent it; undefined if it sent none. */
  readonly clientContext: string | undefined;
  readonly traceId: string;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly deadline: number;
  /** How far the function's clock is ahead of the machine's, in ms. */
  readonly aheadMs?: number | undefined;
  /**
   * Ends the invocation as at its timeout so many ms after its start.
   *
   * @default at the deadline
   */
  readonly endAfterMs?: number | undefined;
}

/** The report of the runtime: the answer of the handler, its error, or that it could not be loaded. */
export interface Report {
  readonly kind: "response" | "error" | "init-error";
  /** JSON. */
  readonly body: Buffer;
}

/**
 * Lambda's Runtime API for one execution environment.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  private readonly server: Server;
  private current: { invocation: Invocation; delivered: boolean; report: (report: Report) => void } | undefined;
  private poll: ServerResponse | undefined;

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** Starts to listen; resolves with the value of AWS_LAMBDA_RUNTIME_API. */
  async listen(): Promise<string> {
    return `${LOOPBACK}:${await listen(this.server)}`;
  }

  /** Gives an event to the runtime when it asks for the next one, and waits for its report. One call at a time. */
  invoke(invocation: Invocation): Promise<Report> {
    return new Promise((report) => {
      this.current = { invocation, delivered: false, report };
      this.deliver();
    });
  }

  /** Stops listening and closes every open connection. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").replace(/^\/2018-06-01\/runtime\//, "");
    if (path === "invocation/next") {
      this.poll = response;
      this.deliver();
      return;
    }
    const body = await readAll(request);
    response.writeHead(202, { "content-length": 0 }).end();
    const kind = path === "init/error" ? "init-error" : path.endsWith("/response") ? "response" : "error";
    const { current } = this;
    this.current = undefined;
    current?.report({ kind, body });
  }

  private deliver(): void {
    const { current, poll } = this;
    if (!current || current.delivered || !poll) return;
    this.poll = undefined;
    current.delivered = true;
    const { requestId, deadline, functionArn, traceId, clientContext, event, aheadMs = 0 } = current.invocation;
    poll.writeHead(200, {
      "content-type": "application/json",
      "content-length": event.length,
      "lambda-runtime-aws-request-id": requestId,
      "lambda-runtime-deadline-ms": deadline + aheadMs,
      "lambda-runtime-invoked-function-arn": functionArn,
      "lambda-runtime-trace-id": traceId,
      ...(aheadMs === 0 ? {} : { "twin-clock-ahead-ms": aheadMs }),
      ...(clientContext === undefined ? {} : { "lambda-runtime-client-context": asciiJson(clientContext) }),
    });
    poll.end(event);
  }
}

/** The same JSON in ASCII, because a header cannot hold other characters. */
function asciiJson(json: string): string {
  return JSON.stringify(JSON.parse(json)).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
