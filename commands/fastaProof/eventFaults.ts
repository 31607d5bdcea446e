import { setTimeout as delay } from "node:timers/promises";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { ServiceCall, TwinFaults } from "../../local/twin/faults.js";
import type { EndpointStore } from "../../local/twin/sagemaker/endpoint.js";
import type { Twin } from "../../local/twin/start.js";
import type { FaultPlan } from "../faults/faultPlan.js";
import { MessageFaults } from "../faults/messageFaults.js";

/** Shares of the events that come twice, and that come after the next one. */
const SHARES = { doubled: 0.05, reordered: 0.05 };

/** Longest time after which a doubled task comes again, in ms. */
const AGAIN_WITHIN_MS = 5_000;

const messages = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ MessageBody: z.string() })),
});

/** Doubles and reorders the notifications of SageMaker, and the tasks of the function for FASTA files. */
export class EventFaults implements TwinFaults {
  private readonly again = new Set<Promise<unknown>>();
  private sqs: SQSClient | undefined;
  private readonly sent: MessageFaults;
  private notifications = 0;

  constructor(readonly plan: FaultPlan) {
    this.sent = new MessageFaults(plan, "notification", SHARES);
  }

  /** From now on tasks are doubled too. */
  sendTo(twin: Twin): void {
    this.sqs = new SQSClient(twin.clientConfig);
  }

  /** Delivers a notification that waits for the next one: none may come. */
  deliverHeld(): Promise<void> {
    return this.sent.deliverHeld();
  }

  /** Ends the doubling, and waits for what is under way. */
  async end(): Promise<void> {
    this.plan.end();
    await Promise.all(this.again);
  }

  readonly store = (store: EndpointStore): EndpointStore => ({
    read: (location) => store.read(location),
    write: (location, body, contentType) => store.write(location, body, contentType),
    publish: (topicArn, message) =>
      this.sent.send(() => store.publish(topicArn, message), String(this.notifications++)),
  });

  readonly handled = ({ service, operation, body }: ServiceCall, status: number): void => {
    if (service !== "sqs" || operation !== "SendMessageBatch" || status >= 300 || body === undefined) return;
    const { QueueUrl, Entries } = messages.parse(JSON.parse(body.toString()));
    for (const { MessageBody } of Entries) {
      if (!this.plan.happens("task doubled", MessageBody, SHARES.doubled)) continue;
      const sent = this.sendAgain(QueueUrl, MessageBody).finally(() => this.again.delete(sent));
      this.again.add(sent);
    }
  };

  private async sendAgain(QueueUrl: string, MessageBody: string): Promise<void> {
    await delay(AGAIN_WITHIN_MS * this.plan.number(MessageBody));
    await this.sqs?.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
}
