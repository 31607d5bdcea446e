import { expect } from "chai";
import { AwsError } from "../../../../local/twin/http.js";
import { readInvocation } from "../../../../local/twin/sagemaker/invocation.js";
import { newJob } from "../../../../local/twin/sagemaker/job.js";
import { anInvocation } from "../support/jobs.js";

const NOTHING = Buffer.alloc(0);
const LOCATION = { "x-amzn-sagemaker-inputlocation": "s3://data/in/1.json" };

function refusal(headers: Record<string, string>, body = NOTHING): AwsError {
  try {
    readInvocation({ ...LOCATION, ...headers }, body);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("The request was accepted.");
}

describe("a request to InvokeEndpointAsync", () => {
  it("has the service's defaults", () => {
    const invocation = readInvocation(LOCATION, NOTHING);
    expect(invocation.input).to.deep.equal({ location: "s3://data/in/1.json" });
    expect(invocation.ttlSeconds).to.equal(21_600);
    expect(invocation.timeoutSeconds).to.equal(900);
    expect(invocation.inferenceId).to.be.undefined;
  });

  it("may carry its input in the body", () => {
    expect(readInvocation({}, Buffer.from("MKT")).input).to.deep.equal({ body: Buffer.from("MKT") });
  });

  it("must have exactly one input", () => {
    expect(() => readInvocation({}, NOTHING)).to.throw(AwsError, "inputLocation");
    expect(refusal({}, Buffer.from("MKT")).message).to.contain("inputLocation");
  });

  const broken: readonly (readonly [string, string, string])[] = [
    ["inference-id", "x".repeat(65), "inferenceId"],
    ["custom-attributes", "x".repeat(1025), "customAttributes"],
    ["custom-attributes", "caf\u00e9", "customAttributes"],
    ["inputlocation", "s3:/data", "inputLocation"],
    ["inputlocation", `s3://data/${"x".repeat(1024)}`, "inputLocation"],
    ["s3outputpathextension", "x".repeat(513), "outputExtension"],
    ["filename", "x".repeat(33), "filename"],
    ["filename", "a.b.c", "filename"],
    ["requestttlseconds", "59", "requestTTLSeconds"],
    ["requestttlseconds", "21601", "requestTTLSeconds"],
    ["invocationtimeoutseconds", "0", "invocationTimeoutSeconds"],
    ["invocationtimeoutseconds", "3601", "invocationTimeoutSeconds"],
    ["invocationtimeoutseconds", "soon", "invocationTimeoutSeconds"],
  ];
  for (const [header, value, member] of broken) {
    it(`is refused if ${header} is '${value.slice(0, 12)}' (${value.length} characters)`, () => {
      const error = refusal({ [`x-amzn-sagemaker-${header}`]: value });
      expect(error.status).to.equal(400);
      expect(error.code).to.equal("ValidationError");
      expect(error.message).to.contain(member);
    });
  }

  it("is accepted at the limits", () => {
    const invocation = readInvocation(
      {
        ...LOCATION,
        "x-amzn-sagemaker-inference-id": "x".repeat(64),
        "x-amzn-sagemaker-requestttlseconds": "60",
        "x-amzn-sagemaker-invocationtimeoutseconds": "3600",
        "x-amzn-sagemaker-filename": `${"x".repeat(27)}.json`,
      },
      NOTHING,
    );
    expect(invocation.ttlSeconds).to.equal(60);
    expect(invocation.timeoutSeconds).to.equal(3600);
  });
});

describe("the locations of a job", () => {
  it("share an id that is not the inference id", () => {
    const job = newJob(anInvocation({ inferenceId: "job.1" }), "s3://data/out/", "s3://data/failures/", 0);
    const id = /^s3:\/\/data\/out\/([0-9a-f-]{36})\.out$/.exec(job.outputLocation)?.[1];
    expect(job.failureLocation).to.equal(`s3://data/failures/${String(id)}-error.out`);
    expect(job.inferenceId).to.equal("job.1");
    expect(job.outputLocation).to.not.contain("job.1");
  });

  it("use a new inference id if none is given", () => {
    const job = newJob(anInvocation(), "s3://data/out/", "s3://data/failures/", 0);
    expect(job.inferenceId).to.match(/^[0-9a-f-]{36}$/);
  });

  it("use the requested file name and path extension", () => {
    const asked = anInvocation({ filename: "answer.json", outputExtension: "team-a/" });
    expect(newJob(asked, "s3://data/out", "s3://data/failures", 0).outputLocation).to.equal(
      "s3://data/out/team-a/answer.json",
    );
  });
});
