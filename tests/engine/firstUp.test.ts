import { expect } from "chai";
import { describeEngine, firstUp, fresh, STACKS } from "./support/engine.js";
import { expectStateMatchesCloud } from "./support/expect.js";

describeEngine("the first up of a stack, with the real engine", () => {
  for (const stackName of Object.keys(STACKS)) {
    it(`previews ${stackName} without an error on unknown values`, async () => {
      const { preview } = await firstUp(stackName);

      expect(preview.messages).to.deep.equal([]);
      expect(preview.failed).to.be.false;
      expect(new Set(preview.steps.map(({ operation }) => operation))).to.deep.equal(new Set(["create"]));
      expect(preview.calls, "a preview changes nothing").to.deep.equal([]);
    });

    it(`deploys the resources of the preview of ${stackName}`, async () => {
      const { preview, up, deployment } = await firstUp(stackName);

      expect(up.messages).to.deep.equal([]);
      expect(up.failed).to.be.false;
      expect(names(up)).to.have.members(names(preview));
      expect(up.calls.map(({ operation }) => operation)).not.to.include.members(["update", "delete"]);
      expectStateMatchesCloud(deployment);
      const undefinedOutputs = Object.entries(await deployment.outputs()).filter(([, value]) => value === "");
      expect(undefinedOutputs).to.deep.equal([]);
    });

    it(`changes nothing in ${stackName} at the second up`, async () => {
      const deployment = await fresh(stackName);

      const again = await deployment.up();

      expect(again.messages).to.deep.equal([]);
      expect(again.steps).to.deep.equal([]);
      expect(again.calls).to.deep.equal([]);
    });
  }
});

function names({ steps }: { readonly steps: readonly { readonly name: string }[] }): string[] {
  return steps.map(({ name }) => name);
}
