import { expect } from "chai";
import { AsyncEndpoint, type EndpointSettings } from "../../../../local/twin/sagemaker/endpoint.js";
import { answerWith, fakeModel, type FakeModel } from "../support/fakeModel.js";
import { anInvocation } from "../support/jobs.js";
import { ManualClock } from "../support/manualClock.js";
import { until } from "../support/until.js";

const SETTINGS: EndpointSettings = {
  name: "vep-endpoint",
  configName: "vep-config",
  variantName: "AllTraffic",
  instanceType: "ml.g6.2xlarge",
  model: { name: "vep-model", image: "vep@sha256:0", environment: {}, executionRoleArn: "arn:aws:iam:::role/vep" },
  outputPath: "s3://data/out/",
  failurePath: "s3://data/failures/",
  concurrency: 4,
  minCapacity: 1,
};

interface Stored {
  readonly text: string;
  readonly contentType: string;
}

/** An endpoint in front of `models`, one launch each, with S3 and SNS in memory. */
async function anEndpoint(models: FakeModel[], settings: Partial<EndpointSettings> = {}) {
  const clock = new ManualClock();
  const objects = new Map<string, Stored>();
  const messages: { topic: string; message: Record<string, unknown> }[] = [];
  const waitingModels = [...models];
  const endpoint = new AsyncEndpoint(
    { ...SETTINGS, ...settings },
    {
      clock,
      wakeMs: 0,
      idleMs: 300_000,
      onEvent: () => undefined,
      launch: () => {
        const model = waitingModels.shift();
        return model ? Promise.resolve(model) : Promise.reject(new Error("There is no other model."));
      },
      store: {
        read: (location) => {
          const stored = objects.get(location);
          return stored ? Promise.resolve(Buffer.from(stored.text)) : Promise.reject(new Error("NoSuchKey"));
        },
        write: (location, body, contentType) => {
          objects.set(location, { text: body.toString(), contentType });
          return Promise.resolve();
        },
        publish: (topic, message) => {
          messages.push({ topic, message: message as Record<string, unknown> });
          return Promise.resolve();
        },
      },
    },
  );
  await endpoint.start();
  return { endpoint, objects, messages, clock };
}

describe("an asynchronous endpoint", () => {
  it("stores the answer of the model at the announced location", async () => {
    const model = await fakeModel(answerWith(200, '{"llr":1}'));
    const { endpoint, objects, messages } = await anEndpoint([model]);
    objects.set("s3://data/in/1.json", { text: '{"sequence":"MKT"}', contentType: "application/json" });

    const job = endpoint.invoke(anInvocation({ input: { location: "s3://data/in/1.json" }, inferenceId: "a.1" }));
    const stored = await until("the answer", () => objects.get(job.outputLocation));

    expect(stored).to.deep.equal({ text: '{"llr":1}', contentType: "application/json" });
    expect(model.asked[0]?.body).to.equal('{"sequence":"MKT"}');
    expect(model.asked[0]?.headers["x-amzn-sagemaker-inference-id"]).to.equal("a.1");
    expect(model.asked[0]?.headers["content-type"]).to.equal("application/json");
    expect(objects.has(job.failureLocation)).to.be.false;
    expect(messages).to.be.empty;
    await endpoint.stop();
  });

  it("stores the error message of the model if the model refuses the job", async () => {
    const words = '{"error_code":"INVALID_RESIDUE","message":"B stands at position 3."}';
    const { endpoint, objects } = await anEndpoint([await fakeModel(answerWith(400, words))]);

    const job = endpoint.invoke(anInvocation());
    const stored = await until("the failure", () => objects.get(job.failureLocation));

    expect(stored.text).to.equal(words);
    expect(objects.has(job.outputLocation)).to.be.false;
    await endpoint.stop();
  });

  it("fails a job whose input does not exist", async () => {
    const model = await fakeModel(answerWith(200, "{}"));
    const { endpoint, objects } = await anEndpoint([model]);

    const job = endpoint.invoke(anInvocation({ input: { location: "s3://data/in/missing.json" } }));
    const stored = await until("the failure", () => objects.get(job.failureLocation));

    expect(stored.text).to.contain("InputLocation");
    expect(model.asked).to.be.empty;
    await endpoint.stop();
  });

  it("fails the job during which the model server dies, replaces the server, and serves the next job", async () => {
    const dying = await fakeModel(() => undefined);
    const { endpoint, objects, clock } = await anEndpoint([dying, await fakeModel(answerWith(200, "{}"))]);

    const lost = endpoint.invoke(anInvocation());
    await until("the question", () => dying.asked[0]);
    dying.die();
    const stored = await until("the failure", () => objects.get(lost.failureLocation));
    expect(stored.text).to.contain("The model server ended (SIGKILL)");

    const next = endpoint.invoke(anInvocation());
    await clock.advance(1);
    await until("the next answer", () => objects.get(next.outputLocation));
    expect(objects.has(lost.outputLocation)).to.be.false;
    await endpoint.stop();
  });

  it("fails a job that takes longer than its invocation timeout", async () => {
    const model = await fakeModel(() => undefined);
    const { endpoint, objects, clock } = await anEndpoint([model]);

    const job = endpoint.invoke(anInvocation({ timeoutSeconds: 30 }));
    await until("the question", () => model.asked[0]);
    await clock.advance(30);
    const stored = await until("the failure", () => objects.get(job.failureLocation));

    expect(stored.text).to.contain("InvocationTimeoutSeconds (30 s)");
    await endpoint.stop();
  });

  it("publishes answers and failures to its topics", async () => {
    const model = await fakeModel((response, { body }) => {
      answerWith(body === "bad" ? 400 : 200, "{}")(response);
    });
    const topics = { successTopic: "arn:aws:sns:::good", errorTopic: "arn:aws:sns:::bad" };
    const { endpoint, messages } = await anEndpoint([model], topics);

    const good = endpoint.invoke(anInvocation({ inferenceId: "good.1" }));
    await until("the first message", () => messages[0]);
    const bad = endpoint.invoke(anInvocation({ inferenceId: "bad.1", input: { body: Buffer.from("bad") } }));
    await until("the second message", () => messages[1]);

    expect(messages[0]?.topic).to.equal(topics.successTopic);
    expect(messages[0]?.message).to.deep.include({
      awsRegion: "us-east-1",
      invocationStatus: "Completed",
      requestParameters: { contentType: "application/json", endpointName: "vep-endpoint" },
      responseParameters: { contentType: "application/json", outputLocation: good.outputLocation },
      inferenceId: "good.1",
      eventVersion: "1.0",
      eventSource: "aws:sagemaker",
      eventName: "InferenceResult",
    });
    expect(messages[0]?.message).to.not.have.property("failureReason");
    expect(messages[1]?.topic).to.equal(topics.errorTopic);
    expect(messages[1]?.message).to.deep.include({
      invocationStatus: "Failed",
      responseParameters: { contentType: "application/json", failureLocation: bad.failureLocation },
    });
    expect(messages[1]?.message["failureReason"]).to.contain("400");
    await endpoint.stop();
  });

  it("publishes a job that expired while there was no instance", async () => {
    const { endpoint, objects, messages, clock } = await anEndpoint([], { minCapacity: 0, errorTopic: "arn:bad" });
    const job = endpoint.invoke(anInvocation({ ttlSeconds: 60 }));
    expect(endpoint.load).to.deep.equal({ ready: 0, desired: 0, waiting: 1, running: 0 });
    await clock.advance(60);
    expect(objects.get(job.failureLocation)?.text).to.contain("RequestTTLSeconds");
    expect(messages[0]?.message["invocationStatus"]).to.equal("Expired");
    await endpoint.stop();
  });
});
