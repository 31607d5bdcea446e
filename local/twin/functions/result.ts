import type { FunctionSettings } from "./environment.js";
import type { Finished } from "./pool.js";

/** Largest size of an answer and of the event of a synchronous request, in bytes. */
export const MAX_PAYLOAD_BYTES = 6_291_556;

/** Size of the end of the log that LogType Tail returns, in bytes. */
const LOG_TAIL_BYTES = 4096;

/** The result of an Invoke request. */
export interface InvokeResult {
  readonly failed: boolean;
  /** JSON: the answer, or the description of the error if `failed`. */
  readonly payload: Buffer;
  /** The log of the invocation, with the START, END and REPORT lines of Lambda. */
  readonly log: string;
}

/** The result that Lambda would return. */
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

/** The end of a log in base64, as LogType Tail returns it. */
export function logTail(log: string): string {
  return Buffer.from(log).subarray(-LOG_TAIL_BYTES).toString("base64");
}

const TOO_LARGE = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;

function failure(errorType: string, errorMessage: string, log: string): InvokeResult {
  return { failed: true, payload: Buffer.from(JSON.stringify({ errorType, errorMessage })), log };
}

function logOf({ memoryMb }: FunctionSettings, requestId: string, { output, durationMs }: Finished): string {
  const lines = output === "" || output.endsWith("\n") ? output : `${output}\n`;
  const billed = Math.ceil(durationMs);
  return (
    `START RequestId: ${requestId} Version: $LATEST\n${lines}END RequestId: ${requestId}\n` +
    `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billed} ms\t` +
    `Memory Size: ${memoryMb} MB\n`
  );
}
