import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { startTwin, type Twin } from "../../../local/twin/start.js";
import { MODEL_DIR, prepareCheckpoint } from "../../local/twin/support/sharedTwin.js";
import { runVep, type Ended } from "./support/runVep.js";

describe("vep with an endpoint that cannot read its requests", () => {
  let folder: string;
  let twin: Twin;
  let predicted: Ended;

  before(async () => {
    prepareCheckpoint();
    folder = mkdtempSync(path.join(tmpdir(), "vep-failed-"));
    const denied = (): Promise<never> => Promise.reject(new Error("Access denied to the request in S3"));
    twin = await startTwin({
      modelDir: MODEL_DIR,
      faults: {
        store: (store) => ({ read: denied, write: store.write.bind(store), publish: store.publish.bind(store) }),
      },
    });
    predicted = await runVep(twin, folder, "predict", "MKTAYIAKQR", "--out", "results");
  });
  after(async () => {
    await twin.stop();
    rmSync(folder, { recursive: true });
  });

  it("says why the job failed, writes no result, and ends with 1", () => {
    expect(predicted.code).to.equal(1);
    expect(predicted.said).to.include("Access denied to the request in S3");
    expect(readdirSync(folder).flatMap((name) => readdirSync(path.join(folder, name)))).to.deep.equal([]);
  });

  it("shows the failed job in the list and by its id, and gives no result of it", async () => {
    const listed = await runVep(twin, folder, "list", "--status", "failed", "--json");
    const { jobs } = JSON.parse(listed.output) as { jobs: { output_id: string; reason: string }[] };
    expect(jobs).to.have.length(1);
    expect(jobs[0]?.reason).to.include("Access denied");
    const got = await runVep(twin, folder, "get", jobs[0]?.output_id ?? "");
    expect(`${got.output}${got.said}`).to.include("failed").and.to.include("Access denied");
    const report = await runVep(twin, folder, "report", jobs[0]?.output_id ?? "", "--out", "page.html");
    expect(report.code).to.equal(1);
    expect(report.said).to.match(/job [0-9a-f-]{36} is failed: it has no result/);
    expect(readdirSync(folder)).to.not.include("page.html");
  });
});
