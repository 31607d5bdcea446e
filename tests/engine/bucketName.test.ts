import { expect } from "chai";
import { describeEngine, empty } from "./support/engine.js";
import { expectStateMatchesCloud } from "./support/expect.js";

const BUCKET = "aws:s3/bucket:Bucket";

describeEngine("bucketName on a deployed stack, with the real engine", () => {
  for (const retainData of ["true", "false"]) {
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

      await live.set({ bucketName: "first-results" });
      expect(await live.up())
        .to.include({ failed: false })
        .and.have.property("calls")
        .that.deep.equals([]);
      expectStateMatchesCloud(live);
    });
  }

  it("keeps the bucket where the name is unset, and refuses a name for a generated one", async () => {
    const named = await empty("defaults", { bucketName: "first-results" });
    await named.up();
    await named.set({ bucketName: "" });
    const unset = await named.up();

    const generated = await empty("defaults");
    await generated.up();
    await generated.set({ bucketName: "second-results" });
    const refused = await generated.up();

    expect([unset.messages, unset.calls]).to.deep.equal([[], []]);
    expect(refused.messages.join("\n")).to.match(
      /pulumi config set bucketName protein-agent-defaults-data-[0-9a-f]{7}/,
    );
    expect(refused.calls).to.deep.equal([]);
    expect(generated.cloud.all(BUCKET)).to.have.lengthOf(2);
  });
});
