import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../errors.js";
import { readAll } from "../http.js";
import { withoutAnswer, type Job, type Outcome } from "./job.js";
import type { ModelServer } from "./fleet.js";

/** Content type that SageMaker sends if the caller gives none. */
const DEFAULT_CONTENT_TYPE = "application/octet-stream";

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * Sends one job to a model server.
 *
 * If the server ends during the job, the job fails: SageMaker documents no retry, so the client must submit it again.
 *
 * @param signal aborts the job; its reason becomes the reason of the failure
 */
export async function invokeModel(server: ModelServer, job: Job, input: Buffer, signal: AbortSignal): Promise<Outcome> {
  try {
    const { status, contentType, body } = await post(`${server.url}/invocations`, job, input, signal);
    if (status >= 200 && status < 300) return { status: "Completed", body, contentType };
    const side = status < 500 ? "ClientError" : "ServerError";
    return { status: "Failed", body, contentType, reason: `${side}: the model answered with HTTP status ${status}.` };
  } catch (error) {
    const reason: unknown = signal.aborted ? signal.reason : undefined;
    return withoutAnswer("Failed", reason ? messageOf(reason) : await endOf(server, error));
  }
}

async function endOf(server: ModelServer, error: unknown): Promise<string> {
  // The connection breaks a moment before the operating system reports the end of the process.
  const exit = await Promise.race([server.exited, delay(1000, undefined)]);
  const fate = exit ? ` (${exit.signal ?? `exit code ${exit.code ?? "unknown"}`})` : "";
  return `The model server ended${fate} before it answered: ${messageOf(error)}. Submit the job again.`;
}

function post(url: string, job: Job, input: Buffer, signal: AbortSignal): Promise<Answer> {
  const { contentType, accept, customAttributes } = job.invocation;
  const headers = {
    "content-type": contentType ?? DEFAULT_CONTENT_TYPE,
    "content-length": input.length,
    ...(accept === undefined ? {} : { accept }),
    ...(customAttributes === undefined ? {} : { "x-amzn-sagemaker-custom-attributes": customAttributes }),
    "x-amzn-sagemaker-inference-id": job.inferenceId,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers, signal, agent: false }, (response) => {
      const status = response.statusCode ?? 500;
      const answered = response.headers["content-type"] ?? DEFAULT_CONTENT_TYPE;
      readAll(response).then((body) => {
        resolve({ status, contentType: answered, body });
      }, reject);
    });
    sent.on("error", reject);
    sent.end(input);
  });
}
