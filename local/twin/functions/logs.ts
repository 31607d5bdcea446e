import { CreateLogStreamCommand, PutLogEventsCommand, type InputLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsClients } from "../moto/moto.js";

/** Takes the log of one invocation. */
export type WriteLog = (logGroupName: string, logStreamName: string, log: string) => void;

interface Batch {
  readonly logGroupName: string;
  readonly logEvents: InputLogEvent[];
}

/** The logs of functions. */
export interface FunctionLogs {
  readonly write: WriteLog;
  /** Writes what was collected, and nothing that comes later. Call it while CloudWatch Logs still runs. */
  readonly close: () => Promise<void>;
}

/**
 * Writes the logs of functions to the emulated CloudWatch Logs, all lines of a log stream in one request.
 *
 * @param onFailure called if a log cannot be written; the function itself does not notice, as in AWS
 * @param delayMs how long lines are collected before they are written
 * @default delayMs 1000
 */
export function functionLogs(
  { logs }: Pick<AwsClients, "logs">,
  onFailure: (error: unknown) => void,
  delayMs = 1000,
): FunctionLogs {
  const created = new Set<string>();
  const batches = new Map<string, Batch>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let last: Promise<void> = Promise.resolve();

  const write = async (logStreamName: string, { logGroupName, logEvents }: Batch): Promise<void> => {
    if (!created.has(logStreamName)) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      created.add(logStreamName);
    }
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  };
  const writeAll = (): Promise<void> => {
    clearTimeout(timer);
    for (const [stream, batch] of batches) last = last.then(() => write(stream, batch)).catch(onFailure);
    batches.clear();
    return last;
  };

  return {
    write: (logGroupName, logStreamName, log) => {
      if (closed) return;
      if (batches.size === 0) timer = setTimeout(() => void writeAll(), delayMs).unref();
      const batch = batches.get(logStreamName) ?? { logGroupName, logEvents: [] };
      batches.set(logStreamName, batch);
      const timestamp = Date.now();
      const messages = log.split("\n").filter((line) => line !== "");
      batch.logEvents.push(...messages.map((message) => ({ timestamp, message })));
    },
    close: () => {
      closed = true;
      return writeAll();
    },
  };
}
