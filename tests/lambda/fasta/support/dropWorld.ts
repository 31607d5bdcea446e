import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import type { JobEnvironment } from "../../../../contract/environment.js";
import { dropOutput, type DropSummary, type ManifestLine } from "../../../../contract/fastaDrop.js";
import type { LedgerItem } from "../../../../contract/jobs.js";
import { DropStore } from "../../../../lambda/fasta/dropStore.js";
import { createDropHandler } from "../../../../lambda/fasta/handler.js";
import { TaskQueue } from "../../../../lambda/fasta/taskQueue.js";
import { effectsOf } from "../../../support/effects.js";
import { BUCKET, toolsContext, ToolsWorld } from "../../support/world.js";

/** The function for FASTA files with a queue, and all that it works with, in memory. */
export class DropWorld extends ToolsWorld {
  /** Messages that were not handled yet. */
  queue: string[] = [];
  /** Numbers of the messages that failed. */
  failures = 0;
  /** Time that is left in every call, in milliseconds. */
  leftMs = 300_000;
  private readonly drop;

  constructor(environment?: JobEnvironment) {
    super(environment);
    const identity = { region: "us-east-1", credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" } };
    const sqs = new SQSClient(identity);
    mockClient(sqs)
      .on(SendMessageBatchCommand)
      .callsFake(({ Entries }: { Entries: { MessageBody: string }[] }) => {
        this.queue.push(...Entries.map(({ MessageBody }) => MessageBody));
        return {};
      });
    this.drop = createDropHandler({
      ...this.services,
      store: new DropStore(this.clients.s3, BUCKET),
      queue: new TaskQueue(sqs, "https://sqs.example/fasta-tasks"),
    });
  }

  /** Uploads a file, and queues its notification. */
  upload(key: string, text: string): void {
    this.objects.set(`s3://${BUCKET}/${key}`, { text, modifiedAt: this.now });
    this.queue.push(uploaded(key));
  }

  /** Handles the next message; it comes again if it fails. */
  async next(): Promise<void> {
    const body = this.queue.shift() ?? "";
    const event = { Records: [{ messageId: "1", body }] } as unknown as SQSEvent;
    const context = { ...toolsContext(), getRemainingTimeInMillis: () => this.leftMs };
    const { batchItemFailures } = await this.quietly(() => this.drop(event, context));
    if (batchItemFailures.length === 0) return;
    this.failures += 1;
    this.queue.push(body);
  }

  /** Handles messages until only looks at unfinished jobs are left. */
  async work(): Promise<void> {
    for (let steps = 0; steps < 500 && this.queue.some((body) => !body.includes('"finish"')); steps += 1) {
      await this.next();
    }
  }

  /** Looks at all jobs of a drop until nothing is left to do. */
  async finish(): Promise<void> {
    for (let steps = 0; steps < 500 && this.queue.length > 0; steps += 1) await this.next();
  }

  /** Ends every unfinished job with a result. */
  complete(): void {
    for (const job of this.jobs()) {
      if (job.state !== "in_progress") continue;
      const text = this.objects.get(`s3://${BUCKET}/async-inference-input/${job.output_id}.json`)?.text ?? "";
      this.write(job.output_id, "output", effectsOf((JSON.parse(text) as { sequence: string }).sequence));
      this.table.items.set(job.output_id, { ...job, state: "completed", completed_at: this.now.toISOString() });
    }
  }

  /** The jobs in the ledger, without labels. */
  jobs(): LedgerItem[] {
    return [...this.table.items.values()].filter(({ state }) => (state as string | undefined) !== undefined);
  }

  /** An object of the bucket. */
  text(key: string): string | undefined {
    return this.objects.get(`s3://${BUCKET}/${key}`)?.text;
  }

  summary(key: string): DropSummary {
    return JSON.parse(this.text(dropOutput(key, "summary")) ?? "{}") as DropSummary;
  }

  manifest(key: string): ManifestLine[] {
    const text = this.text(dropOutput(key, "manifest")) ?? "";
    return text.split("\n").flatMap((line) => (line === "" ? [] : (JSON.parse(line) as ManifestLine)));
  }
}

/** The notification of S3 for an upload. */
export function uploaded(key: string): string {
  const encoded = encodeURIComponent(key).replaceAll("%20", "+");
  return JSON.stringify({ Records: [{ eventSource: "aws:s3", s3: { object: { key: encoded } } }] });
}
