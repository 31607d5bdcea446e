import { asset } from "@pulumi/pulumi";
import { InvokeCommand, LambdaClient, GetFunctionCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import path from "node:path";
import { expect } from "chai";
import { arnOf, clientOptions } from "../../../../local/twin/account.js";
import type { FunctionSettings } from "../../../../local/twin/functions/environment.js";
import { LambdaService } from "../../../../local/twin/functions/service.js";
import { Gateway } from "../../../../local/twin/gateway.js";
import { Processes } from "../../../../local/twin/processes/processes.js";
import { writeArchive } from "../../../../local/twin/resources/archive.js";
import { ManualClock } from "../support/manualClock.js";
import { rejection, until } from "../support/until.js";

const HANDLER = `
let calls = 0;
exports.handler = async (event, context) => {
  calls += 1;
  switch (event.do) {
    case "throw": throw new RangeError("out of range");
    case "exit": process.exit(3);
    case "hang": return new Promise(() => setInterval(() => undefined, 1000));
    case "large": return "x".repeat(6291556);
    case "log": console.log("a line of the handler"); return null;
    case "wait": return new Promise((resolve) => setTimeout(() => resolve(process.pid), 200));
    default: return { calls, event, pid: process.pid, env: process.env, trace: process.env._X_AMZN_TRACE_ID,
      clientContext: context.clientContext, name: context.functionName, remaining: context.getRemainingTimeInMillis() };
  }
};`;

interface Echo {
  readonly calls: number;
  readonly event: unknown;
  readonly pid: number;
  readonly env: Record<string, string>;
  readonly trace: string;
  readonly clientContext: unknown;
  readonly name: string;
  readonly remaining: number;
}

/** An echo, or the description of an error. */
type Payload = Echo & { readonly errorMessage: string };

describe("functions", () => {
  const processes = new Processes();
  const gateway = new Gateway();
  const logs: { group: string; stream: string; log: string }[] = [];
  let service: LambdaService;
  let client: LambdaClient;
  let endpointUrl: string;

  async function deploy(
    name: string,
    different: Partial<FunctionSettings> = {},
    code = HANDLER,
    to = service,
  ): Promise<void> {
    const codeDir = path.join(processes.scratchFolder(), "code");
    await writeArchive(new asset.AssetArchive({ "index.js": new asset.StringAsset(code) }), codeDir);
    to.add({
      name,
      codeDir,
      arn: arnOf("lambda", `function:${name}`),
      handler: "index.handler",
      runtime: "nodejs22.x",
      role: "arn:aws:iam::123456789012:role/tools",
      architecture: "arm64",
      memoryMb: 256,
      timeoutSeconds: 20,
      environment: { ENDPOINT_NAME: "vep-endpoint" },
      logGroup: `/aws/lambda/${name}`,
      reservedConcurrency: undefined,
      ...different,
    });
  }

  async function invoke(name: string, event: unknown, clientContext?: object) {
    const answer = await client.send(
      new InvokeCommand({
        FunctionName: name,
        Payload: Buffer.from(JSON.stringify(event)),
        LogType: "Tail",
        ...(clientContext ? { ClientContext: Buffer.from(JSON.stringify(clientContext)).toString("base64") } : {}),
      }),
    );
    return {
      error: answer.FunctionError,
      payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString()) as Payload,
      log: Buffer.from(answer.LogResult ?? "", "base64").toString(),
    };
  }

  before(async () => {
    endpointUrl = await gateway.listen(0);
    const onLog = (group: string, stream: string, log: string): void => void logs.push({ group, stream, log });
    service = new LambdaService({
      onFailure: () => undefined,
      endpointUrl,
      processes,
      clock: new ManualClock(),
      onLog,
    });
    gateway.serve({ fallbackPort: 1, services: { lambda: (request, response) => service.handle(request, response) } });
    client = new LambdaClient({ ...clientOptions(endpointUrl), maxAttempts: 1 });
    await deploy("tools");
  });

  after(async () => {
    await service.stop();
    await processes.stop();
    await gateway.close();
  });

  it("get the environment variables of the program and of Lambda, and none of this machine", async () => {
    process.env["SECRET_OF_THIS_MACHINE"] = "1";
    const { payload } = await invoke("tools", {});
    delete process.env["SECRET_OF_THIS_MACHINE"];
    expect(payload.env).to.include({
      ENDPOINT_NAME: "vep-endpoint",
      AWS_ENDPOINT_URL: endpointUrl,
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: "tools",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
    });
    expect(payload.env).to.not.have.any.keys("SECRET_OF_THIS_MACHINE", "HOME", "AWS_PROFILE");
    expect(payload.trace).to.match(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/);
    expect(payload.remaining).to.be.within(1, 20_000);
  });

  it("get their event and client context with any characters", async () => {
    const context = {
      custom: { bedrockAgentCoreToolName: "target___invoke_endpoint", note: "p.Lys10Ala \u2192 caf\u00e9" },
    };
    const { payload } = await invoke("tools", { sequence: "MKT" }, context);
    expect(payload.event).to.deep.equal({ sequence: "MKT" });
    expect(payload.clientContext).to.deep.equal(context);
  });

  it("stay warm from one call to the next", async () => {
    const first = await invoke("tools", {});
    const second = await invoke("tools", {});
    expect(second.payload.pid).to.equal(first.payload.pid);
    expect(second.payload.calls).to.equal(first.payload.calls + 1);
  });

  it("run in separate processes at the same time", async () => {
    const answers = await Promise.all([1, 2].map(() => invoke("tools", { do: "wait" })));
    expect(answers[0]?.payload).to.not.equal(answers[1]?.payload);
  });

  it("report what their handler throws, and can be called again", async () => {
    const { error, payload } = await invoke("tools", { do: "throw" });
    expect(error).to.equal("Unhandled");
    expect(payload).to.include({ errorType: "RangeError", errorMessage: "out of range" });
    expect((await invoke("tools", {})).error).to.be.undefined;
  });

  it("report a process that ended, and get a new one", async () => {
    const { error, payload } = await invoke("tools", { do: "exit" });
    expect(error).to.equal("Unhandled");
    expect(payload).to.have.property("errorType", "Runtime.ExitError");
    expect(payload.errorMessage).to.contain("exit status 3");
    expect((await invoke("tools", {})).payload.calls).to.be.greaterThan(0);
  });

  it("are ended at their timeout", async () => {
    await deploy("slow", { timeoutSeconds: 1 });
    const { error, payload } = await invoke("slow", { do: "hang" });
    expect(error).to.equal("Unhandled");
    expect(payload.errorMessage).to.contain("Task timed out after 1.00 seconds");
  });

  it("report a handler that cannot be loaded", async () => {
    await deploy("broken", {}, "throw new TypeError('cannot start');");
    const { error, payload } = await invoke("broken", {});
    expect(error).to.equal("Unhandled");
    expect(payload).to.include({ errorType: "TypeError", errorMessage: "cannot start" });
  });

  it("cannot return more than the limit of Lambda", async () => {
    const { error, payload } = await invoke("tools", { do: "large" });
    expect(error).to.equal("Unhandled");
    expect(payload).to.have.property("errorType", "Function.ResponseSizeTooLarge");
  });

  it("have their log in the answer and in their log group, with the lines of Lambda", async () => {
    const { log } = await invoke("tools", { do: "log" });
    expect(log).to.match(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST\na line of the handler\nEND RequestId/);
    expect(log).to.contain("Memory Size: 256 MB");
    expect(logs.at(-1)).to.deep.include({ group: "/aws/lambda/tools", log });
  });

  it("are throttled beyond their reserved concurrency", async () => {
    await deploy("reserved", { reservedConcurrency: 0 });
    expect(await rejection(invoke("reserved", {}))).to.have.property("name", "TooManyRequestsException");
  });

  it("accept asynchronous events", async () => {
    const already = logs.length;
    const { StatusCode, Payload } = await client.send(
      new InvokeCommand({ FunctionName: "tools", InvocationType: "Event", Payload: Buffer.from('{"do":"log"}') }),
    );
    expect(StatusCode).to.equal(202);
    expect(Payload?.length ?? 0).to.equal(0);
    const kept = await until("the event's log", () => logs[already]);
    expect(kept.log).to.contain("a line of the handler");
  });

  it("are found by name, ARN and partial ARN", async () => {
    for (const name of ["tools", arnOf("lambda", "function:tools"), "123456789012:function:tools", "tools:$LATEST"]) {
      const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: name }));
      expect(Configuration).to.include({ FunctionName: "tools", Runtime: "nodejs22.x", Timeout: 20, MemorySize: 256 });
    }
    const { Functions } = await client.send(new ListFunctionsCommand({}));
    expect(Functions?.map(({ FunctionName }) => FunctionName)).to.include.members(["tools", "slow"]);
  });

  it("are not found if they do not exist", async () => {
    const error = await rejection(invoke("unknown", {}));
    expect(error).to.have.property("name", "ResourceNotFoundException");
    expect(error.message).to.contain("function:unknown");
    expect(await rejection(invoke("tools:live", {}))).to.have.property("name", "ResourceNotFoundException");
  });

  it("refuse an event that is not JSON", async () => {
    const call = client.send(new InvokeCommand({ FunctionName: "tools", Payload: Buffer.from("MKT") }));
    expect(await rejection(call)).to.have.property("name", "InvalidRequestContentException");
  });

  it("leave no server behind where the twin stops while they start, or while they work", async () => {
    const servers = (): number => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
    const own = new Processes();
    const other = new LambdaService({
      onFailure: () => undefined,
      endpointUrl,
      processes: own,
      clock: new ManualClock(),
      onLog: () => undefined,
    });
    const before = servers();
    await deploy("working", {}, HANDLER, other);
    await deploy("starting", {}, HANDLER, other);
    await other.call("working", Buffer.from("{}"));

    const working = other.call("working", Buffer.from('{"do":"wait"}'));
    await other.stop();
    const ended = await working;
    const starting = other.call("starting", Buffer.from("{}"));
    const stopping = own.stop();

    expect(ended.failed).to.equal(false);
    expect(await rejection(starting)).to.have.property("code", "PROCESS_FAILED");
    await stopping;
    expect(servers()).to.equal(before);
  });
});
