import { expect } from "chai";
import { describeEngine, empty } from "./support/engine.js";
import { expectStateMatchesCloud } from "./support/expect.js";
import { recover } from "./support/recover.js";
import type { Deployment } from "./support/deployment.js";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";

describeEngine("a CLI that is killed while the first endpoint is created, with the real engine", () => {
  it("names the command that recovers at the next up, as often as that is run", async () => {
    const stack = await interrupted();
    stack.cloud.settle();
    await stack.cancel();

    for (const again of [await stack.up(), await stack.up()]) {
      expect(again.failed).to.be.true;
      expect(again.messages.join("\n")).to.include("Cannot create already existing endpoint");
      expect(again.messages.join("\n")).to.include("npm run recover -- --stack defaults");
    }
    await recover(stack);
    expect((await stack.up()).messages).to.deep.equal([]);
    expectStateMatchesCloud(stack);
  });

  it("recovers where SageMaker still creates the endpoint", async () => {
    const stack = await interrupted();
    expect(stack.cloud.only(ENDPOINT).inProgress).to.be.true;

    await recover(stack);

    expect((await stack.up()).messages).to.deep.equal([]);
    expectStateMatchesCloud(stack);
  });

  it("recovers where the endpoint failed meanwhile", async () => {
    const stack = await interrupted();
    stack.cloud.only(ENDPOINT).failed = true;

    await recover(stack);

    expect((await stack.up()).messages).to.deep.equal([]);
    expect(stack.cloud.only(ENDPOINT).failed).to.be.undefined;
    expectStateMatchesCloud(stack);
  });
});

async function interrupted(): Promise<Deployment> {
  const stack = await empty("defaults");
  await stack.killed("up", ({ type }) => type === ENDPOINT);
  return stack;
}
