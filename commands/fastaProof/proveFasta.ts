import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { dropOutput, TOP_VARIANTS, type DropSummary, type ManifestLine } from "../../contract/fastaDrop.js";
import { syntheticCheckpoint } from "../../local/model.js";
import { startTwin, type Twin } from "../../local/twin/start.js";
import { distinctProteins } from "../bench/random.js";
import { FaultPlan } from "../faults/faultPlan.js";
import { ScoreCount } from "../faults/scoreCount.js";
import { startStandIn } from "../faults/standInModel.js";
import { EventFaults } from "./eventFaults.js";
import { peakMemoryMb } from "./functionMemory.js";

/** What became of the file. */
export interface FastaProof {
  readonly records: number;
  /** Different jobs in the manifest; every protein of the file is different. */
  readonly jobs: number;
  readonly completed: number;
  /** Records without a completed job, or without their rows in the CSV. */
  readonly lost: number;
  /** Jobs that the model scored more than once. */
  readonly double: number;
  /** Jobs that were started by the second upload. */
  readonly startedAgain: number;
  /** Doubled and reordered events. */
  readonly injected: Readonly<Record<string, number>>;
  /** From the first upload to the end of its last job, and of the second. */
  readonly seconds: { readonly first: number; readonly second: number };
  /** Largest memory of a process of the function for FASTA files; undefined where it cannot be read. */
  readonly memoryMb: number | undefined;
}

const KEY = "uploads/proteome.fasta";

/** Residues of the shortest and the longest protein. */
const RESIDUES = [12, 23] as const;

const LOOK_EVERY_MS = 500;
const MODEL_MS = 1;

/** Uploads a file twice to a twin of its own. */
export async function proveFasta(
  { records, seed }: { readonly records: number; readonly seed: number },
  report: (message: string) => void,
): Promise<FastaProof> {
  const events = new EventFaults(new FaultPlan(seed));
  const scored = new ScoreCount();
  const twin = await startTwin({
    modelDir: await syntheticCheckpoint(),
    config: { fastaDrop: "true" },
    faults: events,
    launch: () =>
      startStandIn({
        behaviour: () => ({ afterMs: MODEL_MS, status: 200 }),
        onAnswer: (id) => {
          scored.add(id);
        },
      }),
  });
  events.sendTo(twin);
  try {
    const upload = new Upload(twin, events, fileOf(records, seed), report);
    const first = await upload.drop();
    const startedFirst = scored.jobs;
    const second = await upload.drop();
    const [manifest, csv] = await Promise.all([upload.read("manifest"), upload.read("topVariants")]);
    const lines = manifest
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as ManifestLine);
    const rows = csv.trimEnd().split("\r\n").length - 1;
    const completed = lines.filter(({ status }) => status === "completed").length;
    return {
      records,
      jobs: new Set(lines.map(({ output_id: id }) => id)).size,
      completed,
      lost: Math.max(records - completed, records - rows / TOP_VARIANTS),
      double: scored.repeatedJobs,
      startedAgain: scored.jobs - startedFirst,
      injected: Object.fromEntries(events.plan.injected),
      seconds: { first, second },
      memoryMb: peakMemoryMb(`${String(twin.outputs["resourcePrefix"])}-fasta`),
    };
  } finally {
    await events.end();
    await twin.stop();
  }
}

/** A file of different proteins. */
function fileOf(records: number, seed: number): string {
  return distinctProteins(records, seed, RESIDUES)
    .map((sequence, index) => `>protein-${index + 1}\n${sequence}\n`)
    .join("");
}

/** The file in the bucket of a twin. */
class Upload {
  private readonly s3: S3Client;
  private readonly bucket: string;

  constructor(
    twin: Twin,
    private readonly events: EventFaults,
    private readonly file: string,
    private readonly report: (message: string) => void,
  ) {
    this.s3 = new S3Client(twin.clientConfig);
    this.bucket = String(twin.outputs["s3BucketName"]);
  }

  /** Uploads the file, and waits until all its jobs have ended. @returns the time in seconds */
  async drop(): Promise<number> {
    const before = await this.summary();
    const start = performance.now();
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: KEY, Body: this.file }));
    for (;;) {
      const summary = await this.summary();
      const isNew = summary !== undefined && summary.ended_at !== before?.ended_at;
      if (isNew && summary.status === "refused")
        throw new Error(`The file was refused: ${summary.error?.message ?? ""}`);
      if (isNew && summary.status === "ended") break;
      await delay(LOOK_EVERY_MS);
      await this.events.deliverHeld();
    }
    const seconds = Math.round((performance.now() - start) / 1_000);
    this.report(`All jobs of the file had ended after ${seconds} s.`);
    return seconds;
  }

  /** What was written beside the file; empty if nothing was. */
  async read(output: Parameters<typeof dropOutput>[1]): Promise<string> {
    try {
      const Key = dropOutput(KEY, output);
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
      return (await Body?.transformToString()) ?? "";
    } catch (error) {
      if (error instanceof NoSuchKey) return "";
      throw error;
    }
  }

  private async summary(): Promise<DropSummary | undefined> {
    const text = await this.read("summary");
    return text === "" ? undefined : (JSON.parse(text) as DropSummary);
  }
}
