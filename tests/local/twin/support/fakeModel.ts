import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readAll } from "../../../../local/twin/http.js";
import { listen } from "../../../../local/twin/processes/ports.js";
import type { Exit } from "../../../../local/twin/processes/processes.js";
import type { ModelServer } from "../../../../local/twin/sagemaker/fleet.js";

/** A request that the model received. */
export interface Asked {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A model server whose answers the test chooses, and which can die. */
export interface FakeModel extends ModelServer {
  readonly asked: Asked[];
  /** Closes every connection, as the end of the process does. */
  die(): void;
}

/** Starts a model server. `answer` may leave a request unanswered. */
export async function fakeModel(answer: (response: ServerResponse, asked: Asked) => void): Promise<FakeModel> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const question = { headers: request.headers, body: body.toString() };
      asked.push(question);
      answer(response, question);
    });
  });
  let ended: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => (ended = resolve));
  const url = `http://127.0.0.1:${await listen(server)}`;
  const end = (exit: Exit): void => {
    server.close();
    server.closeAllConnections();
    ended(exit);
  };
  return {
    url,
    pid: 1,
    exited,
    asked,
    die: () => {
      end({ code: null, signal: "SIGKILL" });
    },
    stop: () => {
      end({ code: 0, signal: null });
      return Promise.resolve();
    },
  };
}

/** Answers with a status and text. */
export function answerWith(status: number, body: string, contentType = "application/json") {
  return (response: ServerResponse): void => {
    response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(body) }).end(body);
  };
}
