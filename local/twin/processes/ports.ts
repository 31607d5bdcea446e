import { createServer, type Server } from "node:net";
import type { Server as HttpServer } from "node:http";
import { TwinError } from "../errors.js";

/** Everything of the twin listens here and nowhere else. */
export const LOOPBACK = "127.0.0.1";

/**
 * Listens on the loopback address.
 *
 * @param server not yet listening
 * @param port 0 takes a free one
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
  if (address === null || typeof address === "string") throw new Error("A TCP server has a numbered address.");
  return address.port;
}

function portInUse(port: number, cause: Error): TwinError {
  return new TwinError(
    "PORT_IN_USE",
    `Port ${port} on ${LOOPBACK} is in use by another program; choose another with --port, or leave it out for a free one.`,
    { cause },
  );
}

/** A port that was free a moment ago, for a program that wants to be told one. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
