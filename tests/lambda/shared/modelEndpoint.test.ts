import { expect } from "chai";
import { DescribeEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { mockClient } from "aws-sdk-client-mock";
import { ModelEndpoint } from "../../../lambda/shared/modelEndpoint.js";

describe("ModelEndpoint", () => {
  const region = "us-east-1";
  const settings = { endpointName: "name", maxInvocationSeconds: 900 };
  let now: Date;
  let client: SageMakerClient;

  beforeEach(() => {
    now = new Date("2026-03-01T12:00:00.000Z");
    client = new SageMakerClient({ region });
  });

  function endpoint(answer: object) {
    const mock = mockClient(client);
    mock.on(DescribeEndpointCommand).resolves(answer);
    return { mock, endpoint: new ModelEndpoint(client, new SageMakerRuntimeClient({ region }), settings, () => now) };
  }

  it("reads its state at most once in 5 s", async () => {
    const { mock, endpoint: model } = endpoint({ EndpointStatus: "InService" });

    await model.state();
    now = new Date(now.getTime() + 4_999);
    await model.state();
    const soon = mock.calls().length;
    now = new Date(now.getTime() + 1);
    await model.state();

    expect([soon, mock.calls().length]).to.deep.equal([1, 2]);
  });

  for (const [status, serving] of [
    ["InService", true],
    ["Creating", true],
    ["Updating", true],
    ["RollingBack", true],
    ["Failed", false],
    ["OutOfService", false],
    ["Deleting", false],
  ] as const) {
    it(`${serving ? "accepts" : "does not accept"} requests in status ${status}`, async () => {
      const { endpoint: model } = endpoint({
        EndpointStatus: status,
        ProductionVariants: [{ CurrentInstanceCount: 2 }],
      });

      expect(await model.state()).to.deep.equal({ status, serving, instances: 2 });
    });
  }
});
