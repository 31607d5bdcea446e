import type { FunctionSettings } from "./environment.js";
import type { Finished } from "./pool.js";

/** The most bytes of an answer, and of a synchronous request's event. */
export const MAX_PAYLOAD_BYTES = 6_291_556;

/** Bytes of the log that LogType Tail sends along. */
const LOG_TAIL_BYTES = 4096;

/** What a caller gets: the answer, or an error's description where `failed`. */
export interface InvokeResult {
  readonly failed: boolean;
  /** JSON. */
  readonly payload: Buffer;
  /** The invocation's log, with Lambda's own lines. */
  readonly log: string;
}

/** Puts together what Lambda would answer. */
export function resultOf(settings: FunctionSettings, requestId: string, finished: Finished): InvokeResult {
  const log = logOf(settings, requestId, finished);
  const { ending } = finished;
  switch (ending.kind) {
    case "response":
      return ending.body.length > MAX_PAYLOAD_BYTES
        ? failure("Function.ResponseSizeTooLarge", TOO_LARGE, log)
        : { failed: false, payload: ending.body, log };
    case "error":
    case "init-error":
      return { failed: true, payload: ending.body, log };
    case "timeout": {
      const seconds = settings.timeoutSeconds.toFixed(2);
      return failure("Sandbox.Timedout", `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`, log);
    }
    case "exit": {
      const { code, signal } = ending.exit;
      const how = signal ? `signal: ${signal}` : `exit status ${code ?? "unknown"}`;
      return failure("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime exited with error: ${how}`, log);
    }
  }
}

/** The end of a log, as LogType Tail sends it: base64. */
export function logTail(log: string): string {
  return Buffer.from(log).subarray(-LOG_TAIL_BYTES).toString("base64");
}

const TOO_LARGE = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;

function failure(errorType: string, errorMessage: string, log: string): InvokeResult {
  return { failed: true, payload: Buffer.from(JSON.stringify({ errorType, errorMessage })), log };
}

function logOf({ memoryMb }: FunctionSettings, requestId: string, { output, durationMs }: Finished): string {
  const written = output === "" || output.endsWith("\n") ? output : `${output}\n`;
  const billed = Math.ceil(durationMs);
  return (
    `START RequestId: ${requestId} Version: $LATEST\n${written}END RequestId: ${requestId}\n` +
    `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billed} ms\t` +
    `Memory Size: ${memoryMb} MB\n`
  );
}
