import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { createClients, requestLimits } from "../../../lambda/shared/clients.js";

/** Lambda's range of time-outs, in seconds. */
const TIMEOUTS = [1, 2, 3, 5, 9, 10, 30, 60, 900];

describe("requestLimits", () => {
  for (const timeout of TIMEOUTS) {
    it(`give up a service that does not answer before the function's ${timeout} s are over`, () => {
      const { maxAttempts, requestTimeout, connectionTimeout } = requestLimits(timeout);

      // The SDK waits up to 100 ms before the first retry, and up to 200 ms before the second.
      const waits = [0, 100, 300][maxAttempts - 1] ?? Infinity;
      expect(maxAttempts * requestTimeout + waits).to.be.below(timeout * 1_000);
      expect(connectionTimeout).to.be.at.most(requestTimeout);
      expect(maxAttempts).to.be.at.least(2);
      expect(requestTimeout).to.be.at.least(200);
    });
  }

  it("use no more than half of a time-out of 3 s or more", () => {
    for (const timeout of TIMEOUTS.filter((seconds) => seconds >= 3)) {
      const { maxAttempts, requestTimeout } = requestLimits(timeout);
      expect(maxAttempts * requestTimeout).to.be.at.most(timeout * 500);
    }
  });
});

describe("createClients", () => {
  let server: Server;
  const sockets = new Set<Socket>();

  before(async () => {
    server = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env.AWS_ENDPOINT_URL_SAGEMAKER = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    delete process.env.AWS_ENDPOINT_URL_SAGEMAKER;
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it("make clients that give up a silent service within a time-out of 3 s", async () => {
    const { sageMaker } = createClients(3, undefined, {
      region: "us-east-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
    });
    const started = performance.now();

    const error: unknown = await sageMaker
      .send(new DescribeEndpointCommand({ EndpointName: "any" }))
      .catch((reason: unknown) => reason);

    expect(error).to.have.property("name", "TimeoutError");
    expect(performance.now() - started).to.be.below(3_000);
  });
});
