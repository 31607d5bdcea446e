import { createServer, type Server } from "node:net";
import type { Server as HttpServer } from "node:http";
import { TwinError } from "../errors.js";

/** The only address on which the twin listens. */
export const LOOPBACK = "127.0.0.1";

/**
 * Listens on the loopback address.
 *
 * @param server not yet listening
 * @param port 0 for a free one
 * @returns the port
 * @throws TwinError `PORT_IN_USE`
 */
export async function listen(server: HttpServer | Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? portInUse(port, error) : error);
    });
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server does not listen on a TCP port.");
  return address.port;
}

function portInUse(port: number, cause: Error): TwinError {
  return new TwinError(
    "PORT_IN_USE",
    `Port ${port} on ${LOOPBACK} is in use by another program. Choose another port with --port, or omit --port to use a free one.`,
    { cause },
  );
}

/** A free port, for a program that cannot choose one itself. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
