import {
  Agent,
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { messageOf } from "./errors.js";
import { AwsError, sendError, sendXmlError, type RequestHandler } from "./http.js";
import { listen, LOOPBACK } from "./processes/ports.js";

/** Requests without a signature, and signatures of before 2014, are S3's. */
const DEFAULT_SERVICE = "s3";

/** Headers that concern one connection and not the next (RFC 9110, 7.6.1), and what the next end has no use for. */
const PER_CONNECTION = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "expect"];

/**
 * The service that a request is meant for: the one in the credential scope of its signature.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function serviceOf(request: IncomingMessage): string {
  const url = new URL(request.url ?? "/", "http://twin");
  const scope =
    /Credential=[^/,\s]+\/([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1] ??
    url.searchParams.get("X-Amz-Credential")?.replace(/^[^/]+\//, "");
  return scope?.split("/")[2] ?? DEFAULT_SERVICE;
}

export interface GatewayOptions {
  /** Services that the twin answers itself, by the name in the credential scope. */
  readonly services: Readonly<Record<string, RequestHandler>>;
  /** Port of the server that answers for all other services. */
  readonly fallbackPort: number;
}

/** One address for every service: each request goes to the service that it was signed for. */
export class Gateway {
  private readonly server: Server;
  // A connection of its own for each request: the emulator may close an idle one just when it is used again.
  private readonly agent = new Agent({ keepAlive: false });
  private options: GatewayOptions | undefined;

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
    // Function invocations and uploads take as long as they take.
    this.server.requestTimeout = 0;
  }

  /**
   * Takes the address, before the services are there: requests are answered once `serve` was called.
   *
   * @param port 0 takes a free one
   * @returns the address, such as `http://127.0.0.1:4566`
   * @throws TwinError `PORT_IN_USE`
   */
  async listen(port: number): Promise<string> {
    return `http://${LOOPBACK}:${await listen(this.server, port)}`;
  }

  /** Begins to answer. */
  serve(options: GatewayOptions): void {
    this.options = options;
  }

  /** Stops to listen, and breaks off what is open. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.options) throw new AwsError(503, "ServiceUnavailable", "The local twin is starting.");
      const { services, fallbackPort } = this.options;
      const own = services[serviceOf(request)];
      if (own) await own(request, response);
      else await this.proxy(request, response, fallbackPort);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (serviceOf(request) === DEFAULT_SERVICE) sendXmlError(response, asAwsError(error));
      else sendError(response, asAwsError(error));
    }
  }

  private proxy(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
    const { method, url: path } = request;
    return new Promise((resolve, reject) => {
      const headers = endToEnd(request.rawHeaders);
      const options = { host: LOOPBACK, port, method, path, headers, agent: this.agent, setHost: false };
      const upstream = forward(options, (answer) => {
        response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
        answer.pipe(response);
        answer.on("error", reject);
      });
      upstream.on("error", reject);
      // Either the answer is through, or the client has gone and nobody waits for it.
      response.on("close", () => {
        upstream.destroy();
        resolve();
      });
      request.pipe(upstream);
    });
  }
}

/** Raw headers (name, value, name, value) without those of the connection; repeated ones and their spelling are kept. */
function endToEnd(raw: readonly string[]): string[] {
  return raw.filter((_, index) => {
    const name = raw[index - (index % 2)] ?? "";
    return !PER_CONNECTION.includes(name.toLowerCase());
  });
}

function asAwsError(error: unknown): AwsError {
  return error instanceof AwsError
    ? error
    : new AwsError(500, "InternalFailure", `The local twin: ${messageOf(error)}`);
}
