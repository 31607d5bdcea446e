import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { arnOf, clientOptions } from "../../../../local/twin/account.js";
import type { InvokeResult } from "../../../../local/twin/functions/result.js";
import { QueueSource } from "../../../../local/twin/functions/queueSource.js";
import { intervalOf, repeat } from "../../../../local/twin/functions/schedule.js";
import { startMoto } from "../../../../local/twin/moto/moto.js";
import { freePort, LOOPBACK } from "../../../../local/twin/processes/ports.js";
import { Processes } from "../../../../local/twin/processes/processes.js";
import { PROGRAMS } from "../../../../local/twin/processes/programs.js";
import { ManualClock } from "../support/manualClock.js";
import { until } from "../support/until.js";

interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

/** What the function of a test answers for the records of one batch. */
type Answer = (records: readonly Message[]) => unknown;

const failing = (records: readonly Message[], body: string): unknown => ({
  batchItemFailures: records.flatMap((record) => (record.body === body ? [{ itemIdentifier: record.messageId }] : [])),
});

describe("a queue that calls a function", () => {
  const processes = new Processes();
  let sqs: SQSClient;
  let source: QueueSource | undefined;
  let number = 0;

  before(async () => {
    const port = await freePort();
    await startMoto(processes, PROGRAMS.python, port);
    sqs = new SQSClient(clientOptions(`http://${LOOPBACK}:${port}`));
  });

  afterEach(() => source?.stop());

  after(() => processes.stop());

  /** Bodies of the messages by delivery, and how to look at the queues. */
  async function connect(answer: Answer | "error", more: { reportsFailures?: boolean } = {}) {
    const [name, deadName] = [`queue-${++number}`, `dead-${number}`];
    const { QueueUrl: dead = "" } = await sqs.send(new CreateQueueCommand({ QueueName: deadName }));
    const redrive = JSON.stringify({ deadLetterTargetArn: arnOf("sqs", deadName), maxReceiveCount: 2 });
    const Attributes = { VisibilityTimeout: "1", RedrivePolicy: redrive };
    const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    const deliveries: string[] = [];
    const invoke = (_name: string, event: Buffer): Promise<InvokeResult> => {
      const { Records } = JSON.parse(event.toString()) as { Records: Message[] };
      deliveries.push(...Records.map(({ body }) => body));
      const failed = answer === "error";
      const payload = Buffer.from(JSON.stringify(failed ? { errorType: "Error" } : (answer(Records) ?? null)));
      return Promise.resolve({ failed, payload, log: "" });
    };
    const settings = { id: name, sourceArn: arnOf("sqs", name), queueUrl: url, functionName: "f", batchSize: 10 };
    source = new QueueSource(
      { ...settings, reportsFailures: true, ...more },
      { sqs, invoke, onFailure: () => undefined },
    );
    return { url, dead, deliveries };
  }

  async function send(url: string, ...bodies: string[]): Promise<void> {
    for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  }

  /** Waits until the queue is empty, in whatever way. */
  const emptied = (url: string): Promise<true> =>
    until("an empty queue", async () => {
      const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
      );
      return names.every((name) => Attributes[name] === "0") ? true : undefined;
    });

  async function count(url: string): Promise<number> {
    const AttributeNames = ["ApproximateNumberOfMessages"] as const;
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
    );
    return Number(Attributes?.["ApproximateNumberOfMessages"]);
  }

  it("deletes the messages that the function handled", async () => {
    const { url, dead, deliveries } = await connect(() => ({ batchItemFailures: [] }));
    await send(url, "a", "b");
    source?.start();
    await emptied(url);

    expect(deliveries.sort()).to.deep.equal(["a", "b"]);
    expect(await count(dead)).to.equal(0);
  });

  it("delivers only the failed message of a batch again, and makes it a dead letter after maxReceiveCount", async () => {
    const { url, dead, deliveries } = await connect((records) => failing(records, "poison"));
    await send(url, "a", "poison", "b");
    source?.start();
    await emptied(url);

    expect(deliveries.sort()).to.deep.equal(["a", "b", "poison", "poison"]);
    expect(await count(dead)).to.equal(1);
  });

  const failures: readonly (readonly [string, Answer | "error"])[] = [
    ["throws", "error"],
    ["answers something else", () => "done"],
    ["names an empty id", () => ({ batchItemFailures: [{ itemIdentifier: "" }] })],
    ["names a message that is not in the batch", () => ({ batchItemFailures: [{ itemIdentifier: "other" }] })],
  ];
  for (const [what, answer] of failures) {
    it(`delivers the whole batch again if the function ${what}`, async () => {
      const { url, dead, deliveries } = await connect(answer);
      await send(url, "a", "b");
      source?.start();
      await emptied(url);

      expect(deliveries.sort()).to.deep.equal(["a", "a", "b", "b"]);
      expect(await count(dead)).to.equal(2);
    });
  }

  it("takes any answer for a success if the function does not report failures", async () => {
    const { url, dead } = await connect((records) => failing(records, "a"), { reportsFailures: false });
    await send(url, "a");
    source?.start();
    await emptied(url);

    expect(await count(dead)).to.equal(0);
  });

  it("takes an empty answer for a success", async () => {
    const { url, dead } = await connect(() => undefined);
    await send(url, "a");
    source?.start();
    await emptied(url);

    expect(await count(dead)).to.equal(0);
  });
});

describe("a schedule", () => {
  it("is a rate in minutes, hours or days", () => {
    expect(["rate(1 minute)", "rate(5 minutes)", "rate(1 hour)", "rate(2 days)"].map(intervalOf)).to.deep.equal([
      60_000, 300_000, 3_600_000, 172_800_000,
    ]);
    for (const expression of ["rate(0 minutes)", "rate(1 second)", "cron(0 10 * * ? *)", ""]) {
      expect(() => intervalOf(expression), expression).to.throw(RangeError);
    }
  });

  it("calls its action at each interval until it is ended", async () => {
    const clock = new ManualClock();
    let calls = 0;
    const end = repeat(clock, 60_000, () => calls++);

    await clock.advance(59);
    const early = calls;
    await clock.advance(121);
    end();
    await clock.advance(600);

    expect([early, calls]).to.deep.equal([0, 3]);
    expect(clock.pending).to.equal(0);
  });
});
