import {
  Agent,
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { pipeline } from "node:stream/promises";
import { namesOperationInBody, operationOf, sendError, serviceOf } from "./awsProtocol.js";
import { messageOf } from "./errors.js";
import { applyFaults, type TwinFaults } from "./faults.js";
import { AwsError, notEmulated, readAll, type RequestHandler } from "./http.js";
import { listen, LOOPBACK } from "./processes/ports.js";

/** Headers that belong to one connection and are not forwarded (RFC 9110, 7.6.1). */
const PER_CONNECTION = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "expect"];

export interface GatewayOptions {
  /** Services that the twin answers itself, by the name in the credential scope. */
  readonly services: Readonly<Record<string, RequestHandler>>;
  /** Port of the server that answers for every other service. */
  readonly fallbackPort: number;
  /** Faults to inject; none by default. */
  readonly faults?: TwinFaults | undefined;
}

/** One address for every service: each request is answered by the service that it was signed for. */
export class Gateway {
  private readonly server: Server;
  // The emulator's server closes each connection after one answer.
  private readonly agent = new Agent({ keepAlive: false });
  private options: GatewayOptions | undefined;

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
    // Function invocations and large uploads may take longer than Node's limit of 5 minutes.
    this.server.requestTimeout = 0;
  }

  /**
   * Starts to listen; until `serve` is called, every request is answered with status 503.
   *
   * @param port 0 takes a free one
   * @returns the address, such as `http://127.0.0.1:4566`
   * @throws TwinError `PORT_IN_USE`
   */
  async listen(port: number): Promise<string> {
    return `http://${LOOPBACK}:${await listen(this.server, port)}`;
  }

  /** Starts to forward requests to the services. */
  serve(options: GatewayOptions): void {
    this.options = options;
  }

  /** Stops listening and closes every open connection. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.options) throw new AwsError(503, "ServiceUnavailable", "The local twin is starting.");
      const { services, fallbackPort, faults } = this.options;
      const service = serviceOf(request);
      const own = services[service];
      const whole = !own && (faults !== undefined || namesOperationInBody(request));
      const body = whole ? await readAll(request) : undefined;
      if (faults) applyFaults(faults, { service, operation: operationOf(request, body), request, body }, response);
      if (own) await own(request, response);
      else await this.proxy(request, response, fallbackPort, body);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendError(request, response, asAwsError(error));
    }
  }

  /** @param body undefined for a request that is not read yet */
  private async proxy(
    request: IncomingMessage,
    response: ServerResponse,
    port: number,
    body: Buffer | undefined,
  ): Promise<void> {
    const { method, url: path } = request;
    const headers = endToEnd(request.rawHeaders);
    const upstream = forward({ host: LOOPBACK, port, method, path, headers, agent: this.agent, setHost: false });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      upstream.once("response", resolve).once("error", reject);
    });
    // Also closed when the client gives up: then nobody needs the answer.
    response.once("close", () => upstream.destroy());
    if (body) upstream.end(body);
    else request.pipe(upstream);
    const answer = await answered;
    const fault = answer.headers["x-emulator-error"];
    if (typeof fault === "string") {
      answer.resume();
      throw answer.statusCode === 501
        ? notEmulated(serviceOf(request), operationOf(request, body), fault)
        : new AwsError(500, "InternalFailure", `The AWS emulator failed: ${fault}`);
    }
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
    await pipeline(answer, response);
  }
}

/** Raw headers (name, value, name, value) without those of one connection; repeated names and their spelling are kept. */
function endToEnd(raw: readonly string[]): string[] {
  return raw.filter((_, index) => {
    const name = raw[index - (index % 2)] ?? "";
    return !PER_CONNECTION.includes(name.toLowerCase());
  });
}

function asAwsError(error: unknown): AwsError {
  return error instanceof AwsError
    ? error
    : new AwsError(500, "InternalFailure", `The local twin failed: ${messageOf(error)}`);
}
