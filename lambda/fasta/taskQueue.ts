import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { awsCall } from "../shared/awsCall.js";
import type { Task } from "./messages.js";

/** Most messages in one request: a limit of SQS. */
const MOST_MESSAGES = 10;

/** Longest delay of a message, in seconds: a limit of SQS. */
export const LONGEST_DELAY_SECONDS = 900;

/** The function's own queue. */
export class TaskQueue {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  /**
   * Sends tasks.
   *
   * @param delaySeconds time until they are delivered, 0 to 900
   * @throws Error if SQS refuses one of them
   */
  async send(tasks: readonly Task[], delaySeconds = 0): Promise<void> {
    for (let start = 0; start < tasks.length; start += MOST_MESSAGES) {
      const Entries = tasks.slice(start, start + MOST_MESSAGES).map((task, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(task),
        DelaySeconds: delaySeconds,
      }));
      const send = this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#url, Entries }));
      const { Failed = [] } = await awsCall("sqs:SendMessage", send);
      const [first] = Failed;
      if (first) throw new Error(`SQS refused ${Failed.length} of ${Entries.length} messages: ${first.Code ?? ""}`);
    }
  }
}
