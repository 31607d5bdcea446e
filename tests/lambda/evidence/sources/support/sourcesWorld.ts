import { Readable } from "node:stream";
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import type { ResolveAnswer, SourceSummary } from "../../../../../contract/evidence.js";
import { SharedAnswerCache } from "../../../../../lambda/evidence/sources/answerCache.js";
import { createSourcesHandler } from "../../../../../lambda/evidence/sources/handler.js";
import type { AskServices } from "../../../../../lambda/evidence/sources/services.js";
import { ObjectStore } from "../../../../../lambda/shared/objectStore.js";
import { Telemetry } from "../../../../../lambda/shared/telemetry.js";
import { caughtOutput } from "../../../../support/caughtOutput.js";
import { ReplayServer } from "../../../../support/replay.js";
import { toolsContext } from "../../../support/world.js";
import { AnswerTable } from "./answerTable.js";
import { services, StillClock } from "./asking.js";

const BUCKET = "results-bucket";
/** A place in the bucket. */
export const at = (key: string) => ({ bucket: BUCKET, key });

/** The function of sources with a bucket, a table and sources in memory. */
export class SourcesWorld {
  readonly objects = new Map<string, string>();
  readonly table = new AnswerTable();
  readonly clock = new StillClock();
  log = "";

  private constructor(readonly server: ReplayServer) {}

  static async start(...fixtures: readonly string[]): Promise<SourcesWorld> {
    return new SourcesWorld(await ReplayServer.start(...fixtures));
  }

  /** Runs a task of the function, and keeps what it logs. */
  async run<Answer = ResolveAnswer | SourceSummary>(task: object, more: Partial<AskServices> = {}): Promise<Answer> {
    const s3 = new S3Client({ region: "eu-west-1" });
    const mock = mockClient(s3);
    mock.on(GetObjectCommand).callsFake(({ Key }: { Key: string }) => {
      const text = this.objects.get(Key);
      if (text === undefined) throw new NoSuchKey({ message: "none", $metadata: {} });
      const body = Object.assign(Readable.from([text]), { transformToString: () => Promise.resolve(text) });
      return { Body: body };
    });
    mock.on(PutObjectCommand).callsFake(({ Key, Body }: { Key: string; Body: string }) => {
      this.objects.set(Key, Body);
      return {};
    });
    const handler = createSourcesHandler({
      objects: new ObjectStore(s3),
      telemetry: new Telemetry("sources", "sources"),
      ask: {
        ...services(this.server, this.clock),
        cache: new SharedAnswerCache(this.table.documents, "t", this.clock),
        ...more,
      },
    });
    const context = { ...toolsContext(), getRemainingTimeInMillis: () => 180_000 };
    const caught = (text: string): void => {
      this.log += text;
    };
    return (await caughtOutput(() => handler(task, context), caught)) as Answer;
  }

  resolve(accession: string, more: object = {}): Promise<ResolveAnswer> {
    return this.run({ task: "resolve", accession, output: at("evidence/w/protein.json"), ...more });
  }

  ask(source: string, more: object = {}): Promise<SourceSummary> {
    const task = { task: "source", source, protein: at("evidence/w/protein.json"), output: at("evidence/w/a.json") };
    return this.run({ ...task, share_sequence: false, ...more });
  }

  read(key: string): unknown {
    return JSON.parse(this.objects.get(key) ?? "null");
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** Runs something in a world with some fixtures. */
export async function inWorld(fixtures: readonly string[], act: (world: SourcesWorld) => Promise<void>): Promise<void> {
  const world = await SourcesWorld.start(...fixtures);
  try {
    await act(world);
  } finally {
    await world.close();
  }
}
