import * as grpc from "@grpc/grpc-js";
import { expect } from "chai";
import { grpcClientOptions } from "./support/automation.js";

const identity = (bytes: Buffer): Buffer => bytes;
const SERVICE: grpc.ServiceDefinition = {
  answer: {
    path: "/tests/answer",
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  },
};
const Client = grpc.makeGenericClientConstructor(SERVICE, "Tests");

describe("connections between the SDK and the CLI", () => {
  it("reach a CLI that listens on the port of one that has ended", async () => {
    const first = await serve(0);
    const early = new Client(first.address, grpc.credentials.createInsecure(), grpcClientOptions);
    expect(await ask(early)).to.equal("answered");
    first.server.forceShutdown();
    expect(await ask(early)).to.include("UNAVAILABLE");

    const second = await serve(first.port);
    const late = new Client(second.address, grpc.credentials.createInsecure(), grpcClientOptions);
    expect(await ask(late)).to.equal("answered");
    for (const client of [early, late]) client.close();
    second.server.forceShutdown();
  });
});

async function serve(wanted: number): Promise<{ server: grpc.Server; port: number; address: string }> {
  const server = new grpc.Server();
  server.addService(SERVICE, {
    answer: ({ request }: grpc.ServerUnaryCall<Buffer, Buffer>, respond: grpc.sendUnaryData<Buffer>) => {
      respond(null, request);
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wanted}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { server, port, address: `127.0.0.1:${port}` };
}

/** `answered`, or the error's text. */
function ask(client: grpc.Client): Promise<string> {
  return new Promise((resolve) => {
    client.makeUnaryRequest("/tests/answer", identity, identity, Buffer.from("answered"), (error, value) => {
      resolve(error ? error.message : String(value));
    });
  });
}
