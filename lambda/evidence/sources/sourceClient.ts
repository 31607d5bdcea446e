import type * as z from "zod";
import { listed } from "../../../contract/errors.js";
import { BodyTooLarge, boundedText } from "./boundedBody.js";
import type { RateLimit } from "./rateLimit.js";
import { isRedirect, noConnection, PASSING, PassingFailure, STATUS_WORDS } from "./refusals.js";
import { retryAfterMs } from "./retryAfter.js";
import { SourceError } from "./sourceError.js";
import type { Rate } from "./rateLimit.js";

/** Version of the package, sent to sources so that they can tell who asks. */
const USER_AGENT = "amplify-vep/0.1.0 (research use only)";

/** Longest time of one attempt with its body, in milliseconds. */
const ATTEMPT_MS = 20_000;

/** Attempts of one request, the first included. */
const ATTEMPTS = 3;

/** Waits before the second and third attempt, in milliseconds, where the source does not say. */
const WAITS_MS = [500, 2_000];

/** Longest wait for another attempt, in milliseconds: what asks for more is unavailable. */
const LONGEST_WAIT_MS = 20_000;

/** Most bytes of one answer: the variants of the longest human proteins are tens of megabytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Most redirects that are followed, within the hosts of the source. */
const MAX_REDIRECTS = 3;

/** What is needed to send requests. */
export interface ClientOptions {
  readonly title: string;
  readonly hosts: readonly string[];
  readonly rate: Rate;
  readonly limit: RateLimit;
  /** Address in place of all hosts, see `sourceUrlVariable`; undefined asks the source itself. */
  readonly address?: string | undefined;
  /** E-mail address that the source can write to. */
  readonly contact?: string | undefined;
  /** Parameters of each request that must not be seen in reasons, rows and logs: the operator's key. */
  readonly secretQuery?: Readonly<Record<string, string>> | undefined;
  /** The sequence of a caller who does not allow that it is sent: a request that has it is not sent. */
  readonly keptBack?: string | undefined;
  /** Time at which waiting ends, in milliseconds since 1970. */
  readonly deadline: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A request to a source. */
export interface SourceRequest {
  /** Address at one of the source's hosts, without parameters. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON with POST. */
  readonly body?: object;
  /**
   * Whether a redirect is an answer, not a way to one: UniProt redirects from merged entries.
   *
   * @default false
   */
  readonly redirectIsAnswer?: boolean;
  /** What a 404 means, for the user. Default: that the source has no such entry. */
  readonly missing: string;
  /** Further statuses that mean the same. */
  readonly missingStatuses?: readonly number[];
}

/** An answer with its headers. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Asks one source: within its rate, with time-outs and few retries, at its own hosts only. */
export class SourceClient {
  constructor(private readonly options: ClientOptions) {}

  get now(): Date {
    return new Date(this.options.now());
  }

  /**
   * Asks for JSON.
   *
   * @throws SourceError if there is no answer, or it has another form
   */
  async json<Schema extends z.ZodType>(request: SourceRequest, schema: Schema): Promise<Answer<z.infer<Schema>>> {
    const { status, headers, body } = await this.text(request);
    return { status, headers, body: this.parsed(body, schema) };
  }

  /** Asks for text. An answer without content is an empty text. */
  async text(request: SourceRequest): Promise<Answer<string>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(request);
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error;
        const wait = error.retryAfterMs ?? WAITS_MS[attempt - 1] ?? LONGEST_WAIT_MS;
        const now = this.options.now();
        if (attempt === ATTEMPTS || wait > LONGEST_WAIT_MS || now + wait >= this.options.deadline) {
          throw new SourceError("unavailable", error.message, error.retryAfterMs);
        }
        await this.options.sleep(wait);
      }
    }
  }

  /** Reads a text as JSON of a given form. */
  parsed<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new SourceError("unavailable", "its answer is not JSON");
    }
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const faults = read.error.issues.map(({ path, message }) => `${path.join(".") || "the answer"}: ${message}`);
    throw new SourceError("unavailable", `its answer does not have the expected form: ${listed(faults).slice(0, 400)}`);
  }

  private async attempt(request: SourceRequest): Promise<Answer<string>> {
    const { rate, limit, deadline, now } = this.options;
    await limit.take(rate, deadline);
    const left = Math.min(ATTEMPT_MS, deadline - now());
    if (left <= 0) throw new SourceError("unavailable", "no time was left to ask it");
    const signal = AbortSignal.timeout(left);
    try {
      const response = await this.send(request, signal);
      if (response.ok || (request.redirectIsAnswer && isRedirect(response.status))) {
        const body = await boundedText(response, MAX_BYTES);
        return { status: response.status, headers: response.headers, body };
      }
      await response.body?.cancel();
      throw await this.refusal(response, request);
    } catch (error) {
      if (error instanceof BodyTooLarge) {
        throw new SourceError("unavailable", `its answer is larger than ${MAX_BYTES / 1024 / 1024} MB`);
      }
      throw error instanceof SourceError || error instanceof PassingFailure ? error : noConnection(error);
    }
  }

  private async send(request: SourceRequest, signal: AbortSignal): Promise<Response> {
    const { contact, keptBack, secretQuery } = this.options;
    if (keptBack && JSON.stringify(request).includes(keptBack)) {
      throw new SourceError("unavailable", "the request has the sequence, which the caller does not allow to be sent");
    }
    let url = this.addressOf(request.url);
    for (const [name, value] of Object.entries({ ...request.query, ...secretQuery })) url.searchParams.set(name, value);
    for (let redirects = 0; ; redirects += 1) {
      const response = await fetch(url, {
        ...(request.body && { method: "POST", body: JSON.stringify(request.body) }),
        headers: {
          "User-Agent": contact ? `${USER_AGENT}; ${contact}` : USER_AGENT,
          Accept: "application/json, text/plain, text/csv",
          ...(request.body && { "Content-Type": "application/json" }),
        },
        redirect: "manual",
        signal,
      });
      const location = response.headers.get("Location");
      if (!isRedirect(response.status) || request.redirectIsAnswer || location === null) return response;
      await response.body?.cancel();
      if (redirects === MAX_REDIRECTS) throw new SourceError("unavailable", "it redirects in a circle");
      url = this.redirected(location, url);
    }
  }

  /** The address to call: at one of the hosts, or below the address that replaces them. */
  private addressOf(text: string): URL {
    const { address, hosts } = this.options;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !hosts.includes(url.origin)) {
      throw new SourceError("unavailable", "its answer names an address at another host, which is not called");
    }
    if (address === undefined) return url;
    const at = new URL(`${address.replace(/\/$/, "")}${url.pathname}`);
    at.search = url.search;
    return at;
  }

  private redirected(location: string, from: URL): URL {
    const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (to?.origin === from.origin) return to;
    return this.addressOf(to?.href ?? "");
  }

  private async refusal(response: Response, request: SourceRequest): Promise<Error> {
    const { status, headers } = response;
    if (status === 404 || (request.missingStatuses ?? []).includes(status)) {
      return new SourceError("not found", request.missing);
    }
    const { rate, limit, now } = this.options;
    const wait = retryAfterMs(headers.get("Retry-After"), now());
    const until = wait === undefined ? "" : `, it can be asked again in ${Math.ceil(wait / 1_000)} s`;
    const reason = `${status}: ${STATUS_WORDS[status] ?? "it refused the request"}${until}`;
    if (!PASSING.includes(status)) return new SourceError("unavailable", reason);
    // All functions wait then, not only this one.
    if (wait !== undefined) await limit.hold(rate, now() + wait);
    return new PassingFailure(reason, wait);
  }
}
