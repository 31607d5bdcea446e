import { createServer, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { readAll, sendJson } from "../../local/twin/http.js";
import { listen, LOOPBACK } from "../../local/twin/processes/ports.js";
import type { Exit } from "../../local/twin/processes/processes.js";
import type { ModelServer } from "../../local/twin/sagemaker/fleet.js";
import { resultOf } from "./modelScores.js";

/** How the stand-in answers one request. */
export interface Behaviour {
  readonly afterMs: number;
  /** 200 for the scores, 500 for a fault of the model. */
  readonly status: 200 | 500;
}

export interface StandInOptions {
  readonly behaviour: (inferenceId: string) => Behaviour;
  /** Called with each request that the stand-in has answered. */
  readonly onAnswer: (inferenceId: string, status: number) => void;
}

/** A server with the model container's contract, in this process, which can be killed at once. */
export interface StandIn extends ModelServer {
  /** Breaks every connection, as the end of the process does. */
  kill(): void;
}

/** Starts a stand-in of the model server. */
export async function startStandIn({ behaviour, onAnswer }: StandInOptions): Promise<StandIn> {
  const server = createServer((request, response) => {
    const id = String(request.headers["x-amzn-sagemaker-inference-id"]);
    void readAll(request).then(
      (body) => answer(id, body, response),
      () => undefined,
    );
  });
  const answer = async (id: string, body: Buffer, response: ServerResponse): Promise<void> => {
    const { afterMs, status } = behaviour(id);
    await delay(afterMs);
    if (response.destroyed) return;
    onAnswer(id, status);
    const { sequence } = JSON.parse(body.toString()) as { sequence: string };
    if (status === 200) sendJson(response, 200, resultOf(sequence));
    else sendJson(response, 500, { error: "INTERNAL_ERROR", message: "The stand-in failed as planned." });
  };
  let ended: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => (ended = resolve));
  const end = (exit: Exit): void => {
    server.close();
    server.closeAllConnections();
    ended(exit);
  };
  return {
    url: `http://${LOOPBACK}:${await listen(server)}`,
    pid: process.pid,
    exited,
    kill: () => {
      end({ code: null, signal: "SIGKILL" });
    },
    stop: () => {
      end({ code: 0, signal: null });
      return Promise.resolve();
    },
  };
}
