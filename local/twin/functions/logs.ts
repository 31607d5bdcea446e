import { CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsClients } from "../moto/moto.js";

/**
 * Keeps what functions write in the emulated CloudWatch Logs, in order.
 *
 * @param onFailure called where a log cannot be kept; as in AWS, the function itself never notices
 */
export function logWriter(
  { logs }: Pick<AwsClients, "logs">,
  onFailure: (error: unknown) => void,
): (logGroupName: string, logStreamName: string, log: string) => void {
  const streams = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  const keep = async (logGroupName: string, logStreamName: string, log: string, timestamp: number): Promise<void> => {
    if (!streams.has(logStreamName)) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      streams.add(logStreamName);
    }
    const logEvents = log
      .split("\n")
      .filter((line) => line !== "")
      .map((message) => ({ timestamp, message }));
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  };
  return (logGroupName, logStreamName, log) => {
    const timestamp = Date.now();
    last = last.then(() => keep(logGroupName, logStreamName, log, timestamp)).catch(onFailure);
  };
}
