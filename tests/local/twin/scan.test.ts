import { expect } from "chai";
import { proveScan } from "../../../commands/scanProof/proveScan.js";
import { ScanTwin } from "../../../commands/scanProof/scanTwin.js";
import { storedRows } from "../../../commands/scanProof/storedRows.js";
import { MODEL_DIR, prepareCheckpoint } from "./support/sharedTwin.js";

/** The scan of whole files, executed by the emulator of Step Functions with the real bundles. */
describe("a scan on the twin", function () {
  this.timeout(400_000);

  before(() => {
    prepareCheckpoint();
  });

  it("that is cancelled at half and started again computes nothing twice, and stores every protein once", async () => {
    const proof = await proveScan({ proteins: 60, seed: 3, modelDir: MODEL_DIR });

    expect(proof).to.include({ computedAgain: 0, status: "SUCCEEDED" });
    expect(proof.beforeRestart).to.be.within(30, 59);
    expect(proof.counts).to.include({ completed: 60, failed: 1, invalid: proof.bad, unknown: 0 });
    expect(proof.rows).to.deep.equal(proof.expected);
  });

  it("is started by its schedule, and by hand for another file, and fails for a file without a protein", async () => {
    const config = { scanSchedule: "rate(1 day)", scanInput: "uploads/nightly.fasta" };
    const twin = await ScanTwin.start(MODEL_DIR, [], config);
    try {
      await twin.upload("uploads/nightly.fasta", ">a\nMKTVRQERLK\n>b\nMKTVRQERLKA\n");
      const scheduled = await twin.ended(await twin.fireSchedule("protein-agent-default-scan"));
      await twin.upload("uploads/again.fasta", ">a\nMKTVRQERLK\n");
      const again = await twin.ended(await twin.startScan("uploads/again.fasta"));
      await twin.upload("uploads/empty.fasta", "\n");
      const empty = await twin.ended(await twin.startScan("uploads/empty.fasta"));

      expect([scheduled, again, empty]).to.deep.equal(["SUCCEEDED", "SUCCEEDED", "FAILED"]);
      expect(await twin.summary("uploads/nightly.fasta")).to.deep.include({ status: "completed", records: 2, jobs: 2 });
      expect((await twin.summary("uploads/again.fasta")).counts).to.include({ completed: 1 });
      expect([twin.scored, twin.computedAgain]).to.deep.equal([2, 0]);
      await twin.until("the rows of both proteins", async () => (await storedRows(twin)).jobs === 2);
      expect(await storedRows(twin)).to.deep.include({ variants: 21 * 19, distinctVariants: 21 * 19, files: 1 });
    } finally {
      await twin.end();
    }
  });
});
