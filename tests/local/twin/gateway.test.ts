import { createServer } from "node:http";
import { expect } from "chai";
import { TwinError } from "../../../local/twin/errors.js";
import { Gateway, type GatewayOptions } from "../../../local/twin/gateway.js";
import { AwsError, readAll, sendJson } from "../../../local/twin/http.js";
import { listen } from "../../../local/twin/processes/ports.js";
import { signedFor } from "./support/signature.js";
import { rejection } from "./support/until.js";

/** A gateway in front of a server that answers with the request it received; both are closed after each test. */
async function aGateway(services: GatewayOptions["services"] = {}) {
  const behind = createServer((request, response) => {
    void readAll(request).then((body) => {
      const { method, url, headers } = request;
      sendJson(response, 200, { method, url, headers, body: body.toString("base64") }, { "x-behind": "yes" });
    });
  });
  const gateway = new Gateway();
  const url = await gateway.listen(0);
  gateway.serve({ services, fallbackPort: await listen(behind) });
  open.push(async () => {
    await gateway.close();
    behind.closeAllConnections();
    behind.close();
  });
  return url;
}

const open: (() => Promise<void>)[] = [];

const own: GatewayOptions["services"] = {
  lambda: (_, response) => {
    sendJson(response, 200, { service: "lambda" });
    return Promise.resolve();
  },
  sagemaker: () => Promise.reject(new AwsError(400, "ValidationException", "Could not find endpoint.")),
};

describe("the gateway", () => {
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  it("routes by the service in the signature's scope", async () => {
    const url = await aGateway(own);
    const answer = await fetch(`${url}/2015-03-31/functions/`, { headers: signedFor("lambda") });
    expect(await answer.json()).to.deep.equal({ service: "lambda" });
    expect(answer.headers.get("x-behind")).to.be.null;
  });

  it("routes a presigned URL by the scope in its query", async () => {
    const url = await aGateway(own);
    const scope = encodeURIComponent("AKIDEXAMPLE/20260101/us-east-1/s3/aws4_request");
    const answer = await fetch(`${url}/data/key?X-Amz-Credential=${scope}&X-Amz-Signature=0`);
    expect(answer.headers.get("x-behind")).to.equal("yes");
  });

  it("treats a request without a scope as one for S3", async () => {
    const url = await aGateway(own);
    const answer = await fetch(`${url}/data/key?AWSAccessKeyId=AKIDEXAMPLE&Signature=0`);
    expect(answer.headers.get("x-behind")).to.equal("yes");
  });

  it("forwards a request unchanged: method, path, host, headers and body", async () => {
    const url = await aGateway();
    const body = Buffer.from([0, 255, 10, 13]);
    const headers = { ...signedFor("dynamodb"), "x-amz-target": "DynamoDB_20120810.GetItem" };
    const answer = await fetch(`${url}/a%20b?c=%2F`, { method: "POST", headers, body });
    const seen = (await answer.json()) as {
      method: string;
      url: string;
      headers: Record<string, string>;
      body: string;
    };
    expect(seen.method).to.equal("POST");
    expect(seen.url).to.equal("/a%20b?c=%2F");
    expect(seen.headers["host"]).to.equal(new URL(url).host);
    expect(seen.headers["x-amz-target"]).to.equal("DynamoDB_20120810.GetItem");
    expect(seen.body).to.equal(body.toString("base64"));
  });

  it("answers errors with AWS's code in header and body", async () => {
    const url = await aGateway(own);
    const answer = await fetch(url, { method: "POST", headers: signedFor("sagemaker") });
    expect(answer.status).to.equal(400);
    expect(answer.headers.get("x-amzn-errortype")).to.equal("ValidationException");
    expect(await answer.json()).to.include({ __type: "ValidationException", message: "Could not find endpoint." });
  });

  it("answers S3 clients in XML if the emulator has ended", async () => {
    const gateway = new Gateway();
    const url = await gateway.listen(0);
    gateway.serve({ services: {}, fallbackPort: 1 });
    open.push(() => gateway.close());
    const answer = await fetch(`${url}/data/key`);
    expect(answer.status).to.equal(500);
    expect(await answer.text()).to.contain("<Code>InternalFailure</Code>");
  });

  it("answers that it is starting until it has its services", async () => {
    const gateway = new Gateway();
    const url = await gateway.listen(0);
    open.push(() => gateway.close());
    expect((await fetch(url, { headers: signedFor("lambda") })).status).to.equal(503);
  });

  it("names a port that is in use, and the fix", async () => {
    const taken = new URL(await aGateway()).port;
    const error = await rejection(new Gateway().listen(Number(taken)));
    expect(error).to.be.instanceOf(TwinError).and.to.have.property("code", "PORT_IN_USE");
    expect(error.message).to.contain(taken).and.to.contain("--port");
  });

  it("listens on the loopback address only", async () => {
    expect(new URL(await aGateway()).hostname).to.equal("127.0.0.1");
  });
});
