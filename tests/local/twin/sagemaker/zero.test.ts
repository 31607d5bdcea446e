import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { inputKey, parseS3Uri } from "../../../../contract/storage.js";
import { startTwin, type Twin } from "../../../../local/twin/start.js";
import { isAlive } from "../support/alive.js";
import { ManualClock } from "../support/manualClock.js";
import { MODEL_DIR, prepareCheckpoint } from "../support/sharedTwin.js";
import { ToolCalls } from "../support/toolCalls.js";
import { until } from "../support/until.js";

const PROTEIN = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG";

describe("a stack that scales to zero, on the twin", () => {
  const clock = new ManualClock();
  let twin: Twin;
  let tools: ToolCalls;
  let s3: S3Client;

  before(async () => {
    prepareCheckpoint();
    twin = await startTwin({ modelDir: MODEL_DIR, stack: "dev", clock, wakeSeconds: 120, idleSeconds: 300 });
    tools = new ToolCalls(twin);
    s3 = new S3Client(twin.clientConfig);
  });

  after(() => twin.stop());

  const load = () => twin.endpoints[0]?.load;

  it("starts without an instance", () => {
    expect(load()).to.deep.equal({ ready: 0, desired: 0, waiting: 0, running: 0 });
  });

  it("expires a request that waits too long while there is no instance", async () => {
    const { OutputLocation, FailureLocation } = await new SageMakerRuntimeClient(twin.clientConfig).send(
      new InvokeEndpointAsyncCommand({
        EndpointName: String(twin.outputs["endpointName"]),
        Body: Buffer.from("{}"),
        RequestTTLSeconds: 60,
      }),
    );
    await clock.advance(60);
    const { bucket: Bucket, key: Key } = parseS3Uri(FailureLocation ?? "");
    const failure = await until("the failure object", async () => {
      try {
        return await s3.send(new GetObjectCommand({ Bucket, Key }));
      } catch {
        return undefined;
      }
    });
    expect(await failure.Body?.transformToString()).to.contain("RequestTTLSeconds (60 s)");
    expect(OutputLocation).to.be.a("string");
    expect(load()).to.deep.equal({ ready: 0, desired: 0, waiting: 0, running: 0 });
  });

  it("starts an instance for a job, reports the phase, and fails a refused job with the reason of the model", async () => {
    const good = await tools.submit({ sequence: PROTEIN });
    expect(good).to.include({ status: "in_progress", phase: "warming" });
    const refused = await tools.submit({ sequence: PROTEIN.slice(1) });
    const request = { Bucket: String(twin.outputs["s3BucketName"]), Key: inputKey(refused.output_id) };
    await s3.send(new PutObjectCommand({ ...request, Body: '{"sequence":"MKTB"}' }));

    await clock.advance(120);
    expect((await tools.ended(good.output_id)).status).to.equal("completed");
    const failed = await tools.ended(refused.output_id);
    expect(failed.status).to.equal("failed");
    expect(failed.reason).to.match(/\bB\b/);
  });

  it("ends the model server some time after its last job", async () => {
    await until("an idle endpoint", () => (load()?.running === 0 ? true : undefined));
    const pid = twin.endpoints[0]?.instance?.pid ?? 0;
    expect(isAlive(pid)).to.be.true;
    await clock.advance(300);
    await until("the end of the model server", () => (isAlive(pid) ? undefined : true));
    expect(load()).to.deep.equal({ ready: 0, desired: 0, waiting: 0, running: 0 });
  });
});
