import { expect } from "chai";
import { runFaults } from "../../../commands/faults/runFaults.js";
import { MODEL_DIR, prepareCheckpoint } from "../../local/twin/support/sharedTwin.js";

/** A short run of `npm run faults`. */
describe("jobs while everything around them fails", () => {
  before(() => {
    prepareCheckpoint();
  });

  for (const seed of [1, 2]) {
    it(`are neither lost nor scored twice nor wrong, with seed ${seed}`, async function () {
      this.timeout(240_000);

      const { counts, injected, unexplained, unknown } = await runFaults({ jobs: 20, seed, modelDir: MODEL_DIR });

      expect(counts).to.include({ accepted: 20, lost: 0, double: 0, wrong: 0 });
      expect(counts.completed).to.be.at.least(15);
      expect([...injected.keys()]).to.include.members(["model server killed", "no capacity for an instance"]);
      expect([...unexplained.keys()]).to.deep.equal([]);
      expect(unknown.deadLetters).to.be.at.least(unknown.sent);
    });
  }
});
