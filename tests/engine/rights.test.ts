import { expect } from "chai";
import { describeEngine, fresh } from "./support/engine.js";

const REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const DIGEST = `sha256:${"1".repeat(64)}`;

type Settings = Readonly<Record<string, string>>;

/** Changes of a deployed stack, there and back. After each call, the simulated cloud evaluates every right in use. */
const CHANGES: readonly { readonly title: string; readonly steps: readonly Settings[] }[] = [
  { title: "encryption with a customer key, and without one again", steps: [{ encryption: "kms" }, { encryption: "sse-s3" }] },
  {
    title: "another path of the roles, also of a stack with a customer key",
    steps: [{ iamPath: "/science/" }, { iamPath: "/", encryption: "kms" }, { iamPath: "/science/" }, { iamPath: "/" }],
  },
  {
    title: "from the own repository to two others, and back",
    steps: [
      { imageUri: `${REGISTRY}/first@${DIGEST}` },
      { imageUri: `${REGISTRY}/second@${DIGEST}` },
      { imageUri: "" },
    ],
  },
  { title: "an isolated network, and none again", steps: [{ network: "isolated" }, { network: "none" }] },
  { title: "another instance type", steps: [{ instanceType: "ml.g5.2xlarge" }, { instanceType: "ml.g6.2xlarge" }] },
];

describeEngine("rights of what runs, with the real engine", () => {
  for (const { title, steps } of CHANGES) {
    it(`are complete at every step of a change: ${title}`, async () => {
      const live = await fresh("defaults");
      for (const settings of steps) {
        await live.set(settings);

        const change = await live.up();
        const again = await live.up();

        expect(change.messages).to.deep.equal([]);
        expect(again.calls).to.deep.equal([]);
      }
    });
  }
});
