import { timingSafeEqual, createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Who may call a server over HTTP. */
export interface Access {
  /** Whether it can be reached from this machine alone. */
  readonly loopback: boolean;
  /** The bearer token that every request must have; undefined: none, only on this machine. */
  readonly token?: string;
  /** Origins of web pages, such as `https://agents.example.org`, that may call it. Default: those of this machine. */
  readonly origins: readonly string[];
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]", "::1"];

/** Whether an address is that of this machine. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.includes(address.toLowerCase());
}

/**
 * Why a request is refused; undefined where it is not. Pages of other sites are kept out by the origin, and by the host
 * where a page has changed what its own name means (DNS rebinding).
 *
 * @see https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#security-warning
 */
export function refusalOf(
  { host = "", origin, authorization = "" }: IncomingHttpHeaders,
  { loopback, token, origins }: Access,
): Refusal | undefined {
  if (loopback && !isLoopback(hostName(`http://${host}`))) {
    return { status: 403, message: `Host ${host} is not this machine.` };
  }
  if (origin !== undefined && !origins.includes(origin) && !(loopback && isLoopback(hostName(origin)))) {
    return { status: 403, message: `Origin ${origin} is not allowed; its operator can add it with --allow-origin.` };
  }
  if (token !== undefined && !equal(authorization, `Bearer ${token}`)) {
    return { status: 401, message: "Send the header Authorization: Bearer with the token of the server." };
  }
  return undefined;
}

function hostName(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : "";
}

/** Compares in a time that says nothing about the expected text. */
function equal(text: string, expected: string): boolean {
  const hash = (value: string): Buffer => createHash("sha256").update(value).digest();
  return timingSafeEqual(hash(text), hash(expected));
}
