import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { outputIdOf } from "../../contract/jobs.js";
import { scanOutput, type ScanInput, type ScanSummary } from "../../contract/scan.js";
import { startTwin, type Twin } from "../../local/twin/start.js";
import { jobOf, ScoreCount } from "../faults/scoreCount.js";
import { startStandIn } from "../faults/standInModel.js";

/** Time of the stand-in of the model for a protein, in ms. */
const MODEL_MS = 5;

/** Time without a change after which a wait is given up, in ms, and time between two looks. */
const PATIENCE_MS = 300_000;
const LOOK_EVERY_MS = 200;

/** A twin with scans, whose model is a stand-in that counts its answers. */
export class ScanTwin {
  private readonly sfn: SFNClient;
  private readonly s3: S3Client;
  private readonly bucket: string;

  private constructor(
    private readonly twin: Twin,
    private readonly scores: ScoreCount,
  ) {
    this.sfn = new SFNClient(twin.clientConfig);
    this.s3 = new S3Client(twin.clientConfig);
    this.bucket = String(twin.outputs["s3BucketName"]);
  }

  /**
   * @param failing sequences that the model answers with an error
   * @param config configuration beside scans
   */
  static async start(
    modelDir: string,
    failing: readonly string[],
    config: Readonly<Record<string, string>> = {},
  ): Promise<ScanTwin> {
    const failures = new Set<string>();
    const scores = new ScoreCount();
    const twin = await startTwin({
      modelDir,
      config: { scan: "true", resultsCatalog: "true", ...config },
      launch: () =>
        startStandIn({
          behaviour: (id) => ({ afterMs: MODEL_MS, status: failures.has(jobOf(id)) ? 500 : 200 }),
          onAnswer: (id, status) => {
            if (status === 200) scores.add(id);
          },
        }),
    });
    for (const sequence of failing) {
      failures.add(outputIdOf({ sequence, scoring: "masked-marginals" }, twin.model.model_version));
    }
    return new ScanTwin(twin, scores);
  }

  /** Number of proteins that the model scored. */
  get scored(): number {
    return this.scores.jobs;
  }

  /** Number of scores for proteins that were scored before. */
  get computedAgain(): number {
    return this.scores.repeats;
  }

  async upload(Key: string, Body: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key, Body }));
  }

  /** @returns the ARN of the execution */
  async startScan(key: string): Promise<string> {
    const input: ScanInput = { key };
    const stateMachineArn = String(this.twin.outputs["scanStateMachineArn"]);
    const start = new StartExecutionCommand({ name: randomUUID(), stateMachineArn, input: JSON.stringify(input) });
    return (await this.sfn.send(start)).executionArn ?? "";
  }

  async stop(executionArn: string): Promise<void> {
    await this.sfn.send(new StopExecutionCommand({ executionArn }));
  }

  /** Waits for the end of an execution, and returns its status. */
  async ended(executionArn: string): Promise<string> {
    let status = "RUNNING";
    await this.until("the end of the execution", async () => {
      const described = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
      status = described.status ?? "RUNNING";
      return status !== "RUNNING";
    });
    return status;
  }

  async summary(key: string): Promise<ScanSummary> {
    return JSON.parse(Buffer.from(await this.read(scanOutput(key, "summary"))).toString()) as ScanSummary;
  }

  /** The keys below a prefix. */
  async keys(Prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix })) {
      found.push(...Contents.map(({ Key = "" }) => Key));
    }
    return found;
  }

  async read(Key: string): Promise<Uint8Array> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  /**
   * Waits until something is done.
   *
   * @throws Error if the model scores nothing more for {@link PATIENCE_MS}, and it is not done
   */
  async until(name: string, isDone: () => boolean | Promise<boolean>): Promise<void> {
    let [seen, deadline] = [this.scored, Date.now() + PATIENCE_MS];
    while (!(await isDone())) {
      if (this.scored > seen) [seen, deadline] = [this.scored, Date.now() + PATIENCE_MS];
      if (Date.now() > deadline) throw new Error(`Not seen in time: ${name}.`);
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Starts what the schedule of scans starts. @returns the ARN of the execution */
  fireSchedule(name: string): Promise<string> {
    return this.twin.fireSchedule(name);
  }

  end(): Promise<void> {
    return this.twin.stop();
  }
}
