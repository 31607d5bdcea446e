import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { SOURCES } from "../../contract/evidence.js";
import { sourceUrlVariable } from "../../contract/environment.js";

const FOLDER = path.join(import.meta.dirname, "..", "fixtures");

/** Answers of one source to some requests, and where they come from. */
export interface Fixture {
  readonly origin: { readonly kind: "recorded" | "synthetic"; readonly note: string };
  readonly exchanges: readonly Exchange[];
}

export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** Parameters that the request must have; it may have others. */
    readonly query?: Readonly<Record<string, string>>;
  };
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly json?: unknown;
    readonly text?: string;
  };
}

/** A request that the server got. */
export interface SeenRequest {
  readonly source: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Reads a fixture, such as `uniprot/entry`. */
export function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), "utf8")) as Fixture;
}

/** A server on the loopback address that answers as sources do. */
export class ReplayServer {
  readonly seen: SeenRequest[] = [];
  /** Requests for which there is no answer: a test that has one fails, see {@link close}. */
  readonly unexpected: string[] = [];
  /** Answers to the next requests of a source, before those of its fixture. */
  readonly next = new Map<string, Exchange["response"][]>();
  private readonly exchanges = new Map<string, Exchange[]>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** Starts a server with fixtures. */
  static async start(...names: readonly string[]): Promise<ReplayServer> {
    const server = new ReplayServer();
    for (const name of names) server.add(name.split("/")[0] ?? "", ...fixture(name).exchanges);
    await new Promise<void>((resolve) => server.server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  add(source: string, ...exchanges: readonly Exchange[]): void {
    this.exchanges.set(source, [...(this.exchanges.get(source) ?? []), ...exchanges]);
  }

  /** The variables that let all sources be asked here. */
  get environment(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return Object.fromEntries(
      Object.keys(SOURCES).map((source) => [sourceUrlVariable(source), `http://127.0.0.1:${port}/${source}`]),
    );
  }

  /** @throws Error if there was a request without an answer */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    if (this.unexpected.length > 0) throw new Error(`No answer was recorded for ${this.unexpected.join(", ")}.`);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? "", "http://127.0.0.1");
    const [, source = "", ...rest] = url.pathname.split("/");
    const method = request.method ?? "";
    this.seen.push({
      source,
      method,
      url: `/${rest.join("/")}${url.search}`,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    });
    const given =
      this.next.get(source)?.shift() ??
      this.exchanges
        .get(source)
        ?.find(
          ({ request: expected }) =>
            expected.method === method &&
            expected.path === `/${rest.join("/")}` &&
            Object.entries(expected.query ?? {}).every(([name, value]) => url.searchParams.get(name) === value),
        )?.response;
    if (given === undefined) this.unexpected.push(`${method} ${url.pathname}${url.search}`);
    const { status, headers = {}, json, text } = given ?? { status: 501 };
    response.writeHead(status, { ...(json !== undefined && { "Content-Type": "application/json" }), ...headers });
    response.end(json === undefined ? text : JSON.stringify(json));
  }
}
