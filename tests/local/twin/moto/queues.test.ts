import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { arnOf, clientOptions } from "../../../../local/twin/account.js";
import { Processes } from "../../../../local/twin/processes/processes.js";
import { startHurriedMoto } from "../support/hurriedMoto.js";

const SENDERS = 6;
const RECEIVERS = 4;
const EACH = 20;
const BODIES = Array.from({ length: SENDERS * EACH }, (_, index) => `message-${index}`);

describe("a queue that is used by many at the same time", () => {
  const processes = new Processes();
  let sqs: SQSClient;

  before(async () => {
    sqs = new SQSClient(clientOptions(await startHurriedMoto(processes)));
  });
  after(() => processes.stop());

  async function createQueue(QueueName: string, Attributes: Record<string, string>): Promise<string> {
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  }

  async function receive(QueueUrl: string): Promise<{ body: string; handle: string | undefined }[]> {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body = "", ReceiptHandle }) => ({ body: Body, handle: ReceiptHandle }));
  }

  async function sendAll(QueueUrl: string): Promise<void> {
    const send = async (sender: number): Promise<void> => {
      for (const MessageBody of BODIES.slice(sender * EACH, (sender + 1) * EACH)) {
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  }

  it("loses no message, and delivers none twice while it is invisible", async () => {
    const QueueUrl = await createQueue("work", { VisibilityTimeout: "600" });
    const bodies: string[] = [];
    let sent = false;
    const work = async (): Promise<void> => {
      for (;;) {
        const last = sent;
        const messages = await receive(QueueUrl);
        bodies.push(...messages.map(({ body }) => body));
        for (const { handle } of messages)
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle }));
        if (last && messages.length === 0) return;
      }
    };

    const workers = Array.from({ length: RECEIVERS }, work);
    await sendAll(QueueUrl);
    sent = true;
    await Promise.all(workers);

    expect(bodies.sort()).to.deep.equal([...BODIES].sort());
  });

  it("makes each message a dead letter once", async () => {
    const dead = await createQueue("dead", {});
    const redrive = JSON.stringify({ deadLetterTargetArn: arnOf("sqs", "dead"), maxReceiveCount: 1 });
    const QueueUrl = await createQueue("poisoned", { VisibilityTimeout: "0", RedrivePolicy: redrive });
    await sendAll(QueueUrl);

    const bury = async (): Promise<void> => {
      while ((await receive(QueueUrl)).length > 0);
    };
    await Promise.all(Array.from({ length: RECEIVERS }, bury));
    await bury();

    const bodies: string[] = [];
    for (;;) {
      const messages = await receive(dead);
      if (messages.length === 0) break;
      bodies.push(...messages.map(({ body }) => body));
    }
    expect(bodies.sort()).to.deep.equal([...BODIES].sort());
  });
});
