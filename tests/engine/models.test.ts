import { expect } from "chai";
import { FIRST_POINTER, readPointer } from "../../contract/models.js";
import type { CloudResource } from "./provider/cloudState.js";
import type { Deployment } from "./support/deployment.js";
import { describeEngine, fresh } from "./support/engine.js";
import { expectInOrder, expectStateMatchesCloud, lines } from "./support/expect.js";

const PREFIX = "protein-agent-defaults";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const V2 = { name: "v2", modelId: "chandar-lab/AMPLIFY_120M" };
const V3 = { name: "v3", modelId: "chandar-lab/AMPLIFY_350M", revision: "0123456789abcdef0123456789abcdef01234567" };
const KEPT = ["v2", "v3"].flatMap((version) =>
  ["repository", "lifecycle", "build"].map((part) => `model-${version}-image-${part}`),
);

describeEngine("model versions on a deployed stack, with the real engine", () => {
  it("are added and removed beside the first, and the pointer of the operator stays", async () => {
    const live = await fresh("defaults");
    await live.set({ monthlyBudgetUsd: "500" });
    await live.up();
    const [base] = endpoints(live);

    await live.set({ models: JSON.stringify([V2, V3]) });
    const added = await live.up();
    expect(added.messages).to.deep.equal([]);
    expect(endpoints(live)).to.have.members([base, `${PREFIX}-model-v2-endpoint`, `${PREFIX}-model-v3-endpoint`]);
    // Functions know a version once its endpoint is in service.
    expectInOrder(lines(added.calls, PREFIX), [
      "create Endpoint model-v2-endpoint",
      "update Function tools-function: environment",
    ]);
    // The brake knows the scalable target of a version when it is there.
    for (const step of ["create Target model-v3-target", "update Function brake-function: environment"]) {
      expectInOrder(lines(added.calls, PREFIX), [step, "create Invocation brake-applied"]);
    }

    const activated = JSON.stringify({ ...FIRST_POINTER, version: "v2", previous: "base", by: "operator" });
    pointer(live).inputs["insecureValue"] = activated;
    pointer(live).outputs["insecureValue"] = activated;
    pointer(live).outputs["value"] = activated;
    const unchanged = await live.up({ refresh: true });
    expect(lines(unchanged.calls, PREFIX)).to.deep.equal([]);

    await live.set({ models: JSON.stringify([V2]), modelB: "base" });
    const removed = await live.up();
    expect(removed.messages).to.deep.equal([]);
    expect(endpoints(live)).to.have.members([base, `${PREFIX}-model-v2-endpoint`]);
    expect(readPointer(String(pointer(live).outputs["insecureValue"]))).to.include({ version: "v2", previous: "base" });
    // Nothing sends to an endpoint that is being deleted.
    expectInOrder(lines(removed.calls, PREFIX), [
      "update Function tools-function: environment",
      "delete Endpoint model-v3-endpoint",
    ]);
    expectStateMatchesCloud(live, KEPT);
    expect((await live.up()).calls).to.deep.equal([]);
  });
});

function endpoints({ cloud }: Deployment): string[] {
  return cloud.all(ENDPOINT).map(({ id }) => id);
}

function pointer({ cloud }: Deployment): CloudResource {
  const [found] = cloud.all("aws:ssm/parameter:Parameter").filter(({ id }) => id.endsWith("/models/active"));
  if (found === undefined) throw new Error("There is no pointer.");
  return found;
}
