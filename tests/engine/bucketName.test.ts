import { expect } from "chai";
import { describeEngine, empty, fresh } from "./support/engine.js";
import { expectStateMatchesCloud } from "./support/expect.js";

const BUCKET = "aws:s3/bucket:Bucket";

describeEngine("bucketName on a deployed stack, with the real engine", () => {
  // The stack goes on with its name, and with none.
  for (const [retainData, bucketName] of [
    ["true", "first-results"],
    ["false", ""],
  ] as const) {
    it(`refuses another name and changes nothing, with retainData ${retainData}`, async () => {
      const live = await empty("defaults", { bucketName: "first-results", retainData });
      await live.up();
      live.cloud.state.objects["first-results"] = ["async-inference-output/1.out"];
      const before = structuredClone(live.cloud.state.resources);

      await live.set({ bucketName: "second-results" });
      const preview = await live.preview();
      const up = await live.up();

      for (const { failed, messages } of [preview, up]) {
        expect(failed).to.be.true;
        expect(messages.join("\n")).to.include("pulumi config set bucketName first-results");
      }
      expect(up.calls).to.deep.equal([]);
      expect(live.cloud.state.resources).to.deep.equal(before);
      expect(live.cloud.state.objects["first-results"]).to.have.lengthOf(1);

      await live.set({ bucketName });
      const kept = await live.up();

      expect([kept.messages, kept.calls]).to.deep.equal([[], []]);
      expectStateMatchesCloud(live);
    });
  }

  it("refuses a name for a bucket that has a generated one", async () => {
    const generated = await fresh("defaults");
    await generated.set({ bucketName: "second-results" });
    const refused = await generated.up();

    expect(refused.messages.join("\n")).to.match(
      /pulumi config set bucketName protein-agent-defaults-data-[0-9a-f]{7}/,
    );
    expect(refused.calls).to.deep.equal([]);
    expect(generated.cloud.all(BUCKET)).to.have.lengthOf(2);
  });
});
