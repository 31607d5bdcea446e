import { DeleteMessageBatchCommand, ReceiveMessageCommand, type Message, type SQSClient } from "@aws-sdk/client-sqs";
import { ACCOUNT } from "../account.js";
import { messageOf } from "../errors.js";
import { EventSource, failedItems, type SourceServices, type SourceSettings } from "./eventSource.js";

/** A connection of a queue with a function; 1 to 10 messages are in one event. */
export interface QueueSourceSettings extends SourceSettings {
  readonly queueUrl: string;
}

export interface QueueSourceOptions extends Omit<SourceServices, "clock"> {
  readonly sqs: SQSClient;
}

/** Longest wait of one request for messages, in seconds: the maximum of SQS. */
const WAIT_SECONDS = 20;

/** Wait after an error of the queue, in ms. */
const PAUSE_MS = 1_000;

/**
 * Reads a queue and calls a function with batches of its messages, as Lambda does: messages that the function handled
 * are deleted, all others become visible again after the visibility timeout of the queue, and SQS moves them to the
 * dead-letter queue after `maxReceiveCount` deliveries.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class QueueSource extends EventSource {
  constructor(
    override readonly settings: QueueSourceSettings,
    private readonly options: QueueSourceOptions,
  ) {
    super();
  }

  protected override async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.handle(await this.receive());
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.options.onFailure(`The queue of ${this.settings.functionName} could not be read: ${messageOf(error)}`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
      }
    }
  }

  private async receive(): Promise<Message[]> {
    const { queueUrl, batchSize } = this.settings;
    const receive = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    });
    const { Messages = [] } = await this.options.sqs.send(receive, { abortSignal: this.stopping.signal });
    return Messages;
  }

  private async handle(messages: Message[]): Promise<void> {
    if (messages.length === 0) return;
    const { functionName, reportsFailures, queueUrl } = this.settings;
    const event = Buffer.from(JSON.stringify({ Records: messages.map((message) => this.recordOf(message)) }));
    const ids = messages.map(({ MessageId = "" }) => MessageId);
    const failed = failedItems(await this.options.invoke(functionName, event), ids, reportsFailures);
    if (failed === "all") {
      this.options.onFailure(`${functionName} failed for a batch of ${messages.length} messages.`);
      return;
    }
    const handled = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ""));
    if (handled.length === 0) return;
    const Entries = handled.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
    await this.options.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }

  /** One record of the event, see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html. */
  private recordOf(message: Message): object {
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: message.MessageAttributes ?? {},
      md5OfBody: message.MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: this.settings.sourceArn,
      awsRegion: ACCOUNT.region,
    };
  }
}
