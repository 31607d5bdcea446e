import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { SharedAnswerCache } from "../../../../lambda/evidence/sources/answerCache.js";
import { SharedRateLimit } from "../../../../lambda/evidence/sources/rateLimit.js";
import { SourceError } from "../../../../lambda/evidence/sources/sourceError.js";
import { clientOptions } from "../../../../local/twin/account.js";
import { startMoto } from "../../../../local/twin/moto/moto.js";
import { freePort } from "../../../../local/twin/processes/ports.js";
import { Processes } from "../../../../local/twin/processes/processes.js";
import { PROGRAMS } from "../../../../local/twin/processes/programs.js";
import { TABLE_BY_ID } from "../../../local/twin/support/tableById.js";

const KEY = { source: "clinvar", schemaVersion: 1, key: "CDK7" };

describe("The table of sources in an emulator of DynamoDB", () => {
  const processes = new Processes();
  const timing = { now: Date.now, sleep: (ms: number) => delay(ms) };
  let documents: DynamoDBDocumentClient;

  before(async () => {
    const port = await freePort();
    await startMoto(processes, PROGRAMS.python, port);
    const client = new DynamoDBClient(clientOptions(`http://127.0.0.1:${port}`));
    documents = DynamoDBDocumentClient.from(client);
    await client.send(
      new CreateTableCommand({
        TableName: "answers",
        ...TABLE_BY_ID,
      }),
    );
  });
  after(() => processes.stop());

  const cache = () => new SharedAnswerCache(documents, "answers", timing);

  it("gives turns to twelve functions at the same time, none more often than the rate allows", async () => {
    const rate = { bucket: "test", perSecond: 10, burst: 2 };
    const times: number[] = [];
    const start = Date.now();

    await Promise.all(
      Array.from({ length: 12 }, async () => {
        await new SharedRateLimit(documents, "answers", timing).take(rate, start + 30_000);
        times.push(Date.now() - start);
      }),
    );

    // Two at once, and ten more at a tenth of a second each.
    expect(Math.max(...times)).to.be.at.least(1_000 - 20);
    await new SharedRateLimit(documents, "answers", timing).hold(rate, Date.now() + 60_000);
    const held: unknown = await new SharedRateLimit(documents, "answers", timing)
      .take(rate, Date.now() + 1_000)
      .catch((error: unknown) => error);
    expect(held).to.be.an.instanceOf(SourceError);
  });

  it("lets one of ten functions ask, and gives all of them an answer of several parts", async () => {
    const text = randomBytes(600_000).toString("base64");
    let calls = 0;
    const load = async () => {
      calls += 1;
      await delay(100);
      return { text };
    };

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => cache().through(KEY, 60, Date.now() + 30_000, load)),
    );

    expect(calls).to.equal(1);
    expect(answers.every(({ content }) => content.text === text)).to.equal(true);
  });

  it("keeps for a while that there is nothing", async () => {
    const key = { ...KEY, key: "none" };
    const fails = () => Promise.reject(new SourceError("not found", "there is none"));
    await cache()
      .through(key, 60, Date.now() + 5_000, fails)
      .catch(() => undefined);

    const kept: unknown = await cache()
      .through(key, 60, Date.now() + 5_000, () => Promise.resolve({}))
      .catch((error: unknown) => error);

    expect(kept).to.include({ status: "not found", reason: "there is none" });
  });
});
