import { setTimeout as delay } from "node:timers/promises";
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type QueueAttributeName,
} from "@aws-sdk/client-sqs";
import type { SkippingClock } from "../../local/twin/skippingClock.js";
import type { Twin } from "../../local/twin/start.js";
import type { Injector } from "./injector.js";

const COUNTS: QueueAttributeName[] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];

/** Longest wait until nothing runs, and time between two looks, in ms. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** Looks at what still runs in a twin. */
export class QuietTwin {
  private readonly sqs: SQSClient;

  constructor(
    private readonly twin: Twin,
    private readonly clock: SkippingClock,
    private readonly injector: Injector,
  ) {
    this.sqs = new SQSClient(twin.clientConfig);
  }

  /** Delivers a message again after a second, not after three minutes: SQS has the machine's clock, which skips nothing. */
  async shortenVisibility(): Promise<void> {
    const QueueUrl = await this.queueUrl("notifications");
    await this.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "1" } }));
  }

  /** Skips time, once no function runs: a function would have timed out meanwhile. */
  async skip(seconds: number): Promise<void> {
    await patiently(() => Promise.resolve(this.injector.running === 0));
    this.clock.skip(seconds);
  }

  /** Waits until the endpoint, the recorder's queue and the functions have nothing to do. */
  async everything(): Promise<void> {
    const QueueUrl = await this.queueUrl("notifications");
    await patiently(async () => {
      const idle = this.twin.endpoints.every(({ load }) => load.waiting + load.running === 0);
      return idle && this.injector.running === 0 && (await this.messages(QueueUrl)) === 0;
    });
  }

  /** Number of dead letters. */
  async deadLetters(): Promise<number> {
    return this.messages(await this.queueUrl("dead-letters"));
  }

  private async messages(QueueUrl: string): Promise<number> {
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: COUNTS }),
    );
    return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  private async queueUrl(name: "notifications" | "dead-letters"): Promise<string> {
    const QueueNamePrefix = `${String(this.twin.outputs["resourcePrefix"])}-${name}-`;
    const { QueueUrls = [] } = await this.sqs.send(new ListQueuesCommand({ QueueNamePrefix }));
    return QueueUrls[0] ?? "";
  }
}

async function patiently(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isDone()) && Date.now() < deadline) await delay(LOOK_EVERY_MS);
}
