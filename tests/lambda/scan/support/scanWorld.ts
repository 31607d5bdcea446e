import type { JobEnvironment } from "../../../../contract/environment.js";
import type { PlannedScan, ScanSummary } from "../../../../contract/scan.js";
import { scanOutput, shardListKey, type ListedShard } from "../../../../contract/scan.js";
import type { LedgerItem } from "../../../../contract/jobs.js";
import type { Wait } from "../../../../contract/waits.js";
import { record } from "../../../../lambda/jobs/record.js";
import { readNotification } from "../../../../lambda/jobs/notification.js";
import { sweepWaits } from "../../../../lambda/jobs/sweepWaits.js";
import { createScanHandler } from "../../../../lambda/scan/handler.js";
import { WaitStore } from "../../../../lambda/shared/waitStore.js";
import { effectsOf } from "../../../support/effects.js";
import { notificationOf } from "../../support/recorder.js";
import { BUCKET, toolsContext, ToolsWorld } from "../../support/world.js";

export const KEY = "uploads/proteome 1.fasta";

const RESIDUES = "ACDEFGHIKLMNPQRSTVWY";

/** A protein that is different for each number. */
export function protein(number: number): string {
  const digits = [0, 1, 2].map((place) => RESIDUES.charAt(Math.floor(number / 20 ** place) % 20));
  return `MKTV${digits.join("")}`;
}

/** A file of different proteins. */
export function fileOf(count: number): string {
  return Array.from({ length: count }, (_, number) => `>p${number}\n${protein(number)}\n`).join("");
}

/** The function of scans, and the recorder and sweeper that answer its tasks, in memory. */
export class ScanWorld extends ToolsWorld {
  /** Answered tasks by token: `success` or `failure`, in order. */
  readonly answers: { readonly token: string; readonly kind: "success" | "failure"; readonly output: unknown }[] = [];
  /** Tokens that Step Functions does not know any more. */
  readonly gone = new Set<string>();
  readonly waits;
  private readonly scan;

  constructor(environment?: JobEnvironment) {
    super(environment);
    const answer = (token: string, kind: "success" | "failure", output: unknown): Promise<boolean> => {
      const heard = !this.gone.has(token);
      if (heard) this.answers.push({ token, kind, output });
      this.gone.add(token);
      return Promise.resolve(heard);
    };
    this.waits = {
      store: new WaitStore(this.clients.documents, "jobs"),
      answers: {
        succeed: (token: string, output: object) => answer(token, "success", output),
        fail: (token: string, error: string, cause: string) => answer(token, "failure", { error, cause }),
      },
    };
    this.scan = createScanHandler({ ...this.services, s3: this.clients.s3, waits: this.waits });
  }

  upload(text: string, key = KEY): void {
    this.objects.set(`s3://${BUCKET}/${key}`, { text, modifiedAt: this.now });
  }

  async plan(key = KEY): Promise<PlannedScan> {
    return (await this.run({ task: "plan", key })) as PlannedScan;
  }

  /** The shards of a planned scan. */
  shards({ scan }: PlannedScan): string[] {
    return (JSON.parse(this.text(shardListKey(scan)) ?? "[]") as ListedShard[]).map(({ shard }) => shard);
  }

  submitShard(shard: string, token: string): Promise<unknown> {
    return this.run({ task: "submit", shard, token });
  }

  async summarise(scan: string, error?: object): Promise<unknown> {
    return this.run({ task: "summarise", scan, ...(error && { error }) });
  }

  run(event: object): Promise<unknown> {
    return this.quietly(() => this.scan(event, toolsContext()));
  }

  /** Ends an unfinished job, and lets the recorder handle its notification, so many times. */
  async end(job: LedgerItem, status: "Completed" | "Failed" = "Completed", times = 1): Promise<void> {
    if (status === "Completed") this.write(job.output_id, "output", effectsOf(this.sequenceOf(job)));
    const notification = JSON.stringify(notificationOf(this, job.output_id, status));
    for (let time = 0; time < times; time += 1) {
      await this.quietly(() => record(readNotification(notification), { ...this.services, waits: this.waits }));
    }
  }

  sweepWaits(): Promise<void> {
    return this.quietly(() => sweepWaits({ ...this.services, waits: this.waits }, () => 60_000));
  }

  /** The jobs in the ledger, in the order of submission. */
  jobs(): LedgerItem[] {
    return [...this.table.items.values()].filter(
      ({ sequence_sha256: hash }) => (hash as string | undefined) !== undefined,
    );
  }

  /** The waits in the ledger. */
  allWaits(): Wait[] {
    const items = [...this.table.items.values()] as unknown as Wait[];
    return items.filter(({ output_id: key }) => key.startsWith("wait/"));
  }

  text(key: string): string | undefined {
    return this.objects.get(`s3://${BUCKET}/${key}`)?.text;
  }

  summary(key = KEY): ScanSummary {
    return JSON.parse(this.text(scanOutput(key, "summary")) ?? "{}") as ScanSummary;
  }

  private sequenceOf({ output_id: id }: LedgerItem): string {
    return (JSON.parse(this.text(`async-inference-input/${id}.json`) ?? "{}") as { sequence: string }).sequence;
  }
}
