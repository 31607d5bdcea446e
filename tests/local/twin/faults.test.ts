import { asset } from "@pulumi/pulumi";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { createServer } from "node:http";
import path from "node:path";
import { expect } from "chai";
import { arnOf, clientOptions } from "../../../local/twin/account.js";
import type { InvocationFault, TwinFaults } from "../../../local/twin/faults.js";
import { LambdaService } from "../../../local/twin/functions/service.js";
import { Gateway } from "../../../local/twin/gateway.js";
import { AwsError, readAll, sendJson } from "../../../local/twin/http.js";
import { listen } from "../../../local/twin/processes/ports.js";
import { Processes } from "../../../local/twin/processes/processes.js";
import { writeArchive } from "../../../local/twin/resources/archive.js";
import { SkippingClock } from "../../../local/twin/skippingClock.js";
import { signedFor } from "./support/signature.js";
import { rejection } from "./support/until.js";

const HANDLER = `exports.handler = async (event, context) => {
  if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60000));
  return { now: Date.now(), iso: new Date().toISOString(), epoch: new Date(0).toISOString(),
    isDate: new Date() instanceof Date, remaining: context.getRemainingTimeInMillis() };
};`;

interface Times {
  readonly now: number;
  readonly iso: string;
  readonly epoch: string;
  readonly isDate: boolean;
  readonly remaining: number;
}

describe("faults of the twin", () => {
  const closing: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  describe("at the gateway", () => {
    /** A gateway in front of a server that counts its requests. */
    async function aGateway(faults: TwinFaults) {
      const bodies: string[] = [];
      const behind = createServer((request, response) => {
        void readAll(request).then((body) => {
          bodies.push(body.toString());
          sendJson(response, 201, {});
        });
      });
      const gateway = new Gateway();
      const url = await gateway.listen(0);
      gateway.serve({ services: {}, fallbackPort: await listen(behind), faults });
      closing.push(
        () => behind.close(),
        () => {
          behind.closeAllConnections();
        },
        () => gateway.close(),
      );
      const put = () => fetch(`${url}/data/key`, { method: "PUT", body: "content", headers: signedFor("s3") });
      return { put, bodies };
    }

    it("refuse a request before it reaches its service", async () => {
      const seen: string[] = [];
      const { put, bodies } = await aGateway({
        request: ({ service, operation, body }) => {
          seen.push(`${service} ${operation} ${body?.toString() ?? ""}`);
          return new AwsError(503, "SlowDown", "Reduce your request rate.");
        },
        handled: () => seen.push("handled"),
      });

      const answer = await put();

      expect(answer.status).to.equal(503);
      expect(await answer.text()).to.include("<Code>SlowDown</Code>");
      expect(seen).to.deep.equal(["s3 PUT /data/key content"]);
      expect(bodies).to.deep.equal([]);
    });

    it("lose the answer of a request that its service has handled", async () => {
      const statuses: number[] = [];
      const { put, bodies } = await aGateway({
        request: () => "lost",
        handled: (_, status) => statuses.push(status),
      });

      await rejection(put());

      expect(bodies).to.deep.equal(["content"]);
      expect(statuses).to.deep.equal([201]);
    });

    it("leave other requests as they are, and report their status", async () => {
      const statuses: number[] = [];
      const { put, bodies } = await aGateway({ handled: (_, status) => statuses.push(status) });

      expect((await put()).status).to.equal(201);

      expect(bodies).to.deep.equal(["content"]);
      expect(statuses).to.deep.equal([201]);
    });
  });

  describe("in functions", () => {
    async function aFunction(clock: SkippingClock, fault?: () => InvocationFault | undefined) {
      const processes = new Processes();
      const gateway = new Gateway();
      const endpointUrl = await gateway.listen(0);
      let running = 0;
      const faults: TwinFaults = {
        invocation: () => {
          running += 1;
          return fault?.();
        },
        invoked: () => (running -= 1),
      };
      const service = new LambdaService({
        endpointUrl,
        processes,
        clock,
        onLog: () => undefined,
        onFailure: () => undefined,
        faults,
      });
      gateway.serve({
        fallbackPort: 1,
        services: { lambda: (request, response) => service.handle(request, response) },
      });
      const codeDir = path.join(processes.scratchFolder(), "code");
      await writeArchive(new asset.AssetArchive({ "index.js": new asset.StringAsset(HANDLER) }), codeDir);
      service.add({
        name: "tools",
        codeDir,
        arn: arnOf("lambda", "function:tools"),
        handler: "index.handler",
        runtime: "nodejs22.x",
        role: "arn:aws:iam::123456789012:role/tools",
        architecture: "arm64",
        memoryMb: 256,
        timeoutSeconds: 20,
        environment: {},
        logGroup: "/aws/lambda/tools",
        reservedConcurrency: undefined,
      });
      closing.push(
        () => gateway.close(),
        () => processes.stop(),
        () => service.stop(),
      );
      const client = new LambdaClient({ ...clientOptions(endpointUrl), maxAttempts: 1 });
      const invoke = async (event: object = {}) => {
        const Payload = Buffer.from(JSON.stringify(event));
        const answer = await client.send(new InvokeCommand({ FunctionName: "tools", Payload }));
        return { error: answer.FunctionError, text: Buffer.from(answer.Payload ?? []).toString() };
      };
      return { invoke, running: () => running };
    }

    it("end an invocation as its timeout does, and report its end", async () => {
      const { invoke, running } = await aFunction(new SkippingClock(), () => ({ kind: "timeout", afterMs: 30 }));

      const { error, text } = await invoke({ hang: true });

      expect(error).to.equal("Unhandled");
      expect(text).to.include("Task timed out after 20.00 seconds");
      expect(running()).to.equal(0);
    });

    it("throttle an invocation", async () => {
      const { invoke } = await aFunction(new SkippingClock(), () => ({ kind: "throttle" }));

      expect((await rejection(invoke())).name).to.equal("TooManyRequestsException");
    });

    it("see the time of a clock that is ahead of the machine's", async () => {
      const clock = new SkippingClock();
      const { invoke } = await aFunction(clock);
      const times = async (): Promise<Times> => JSON.parse((await invoke()).text) as Times;
      await times();

      clock.skip(7 * 3_600);
      const later = await times();

      expect(later.now).to.be.closeTo(clock.now(), 5_000);
      expect(Date.parse(later.iso)).to.be.closeTo(clock.now(), 5_000);
      expect(later).to.include({ epoch: "1970-01-01T00:00:00.000Z", isDate: true });
      expect(later.remaining).to.be.within(10_000, 20_000);
    });
  });
});
