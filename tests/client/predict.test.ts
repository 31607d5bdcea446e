import { InvokeCommand, LambdaClient, type InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client, type GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { predict } from "../../client/predict.js";
import { DataError } from "../../client/dataError.js";
import { wholeResult } from "../../client/results.js";
import { ToolCallError, ToolsClient, ToolsUnavailableError } from "../../client/tools.js";
import type { GetResultsData, InvokeEndpointData } from "../../contract/tools.js";
import { effectsOf } from "../support/effects.js";

const REGION = "us-east-1";
const ID = "6f1ed002-ab55-8d2c-8a9e-0242ac120002";

// The SDK's own class of payloads is not exported; the client reads it as the bytes that it is.
const answered = (body: object): Partial<InvokeCommandOutput> => ({
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  Payload: new TextEncoder().encode(JSON.stringify(body)) as NonNullable<InvokeCommandOutput["Payload"]>,
});
const success = (data: object): Partial<InvokeCommandOutput> =>
  answered({ success: true, message: "", timestamp: "", data });

const submitted: InvokeEndpointData = {
  output_id: ID,
  status: "in_progress",
  phase: "queued",
  cached: false,
  sequence_length: 2,
  s3_output_path: "s3://b/out",
  estimated_completion_time: "2026-01-01T00:00:00Z",
  retry_after_seconds: 0,
};
const pending: GetResultsData = {
  status: "in_progress",
  phase: "running",
  output_id: ID,
  results: null,
  s3_output_path: null,
  completion_time: null,
  retry_after_seconds: 0,
};
const completed: GetResultsData = {
  ...pending,
  status: "completed",
  phase: null,
  results: effectsOf("MK"),
  s3_output_path: "s3://b/out",
};

function lambdaAnswering(...answers: Partial<InvokeCommandOutput>[]) {
  const lambda = mockClient(LambdaClient);
  answers.reduce((stub, answer) => stub.resolvesOnce(answer), lambda.on(InvokeCommand));
  const calls = (): unknown[] =>
    lambda.commandCalls(InvokeCommand).map(({ args: [{ input }] }) => JSON.parse(input.Payload as string) as unknown);
  return { tools: new ToolsClient(new LambdaClient({ region: REGION }), "tools"), calls };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it was not refused"),
    (error: unknown) => error,
  );
}

describe("predict", () => {
  it("submits, reports the phases, and returns the last answer", async () => {
    const { tools, calls } = lambdaAnswering(success(submitted), success(pending), success(completed));
    const phases: string[] = [];

    const answer = await predict(
      tools,
      { sequence: "MK" },
      { firstPollSeconds: 0, onProgress: ({ phase }) => phases.push(phase) },
    );

    expect(answer.status).to.equal("completed");
    expect(phases).to.deep.equal(["queued", "running", "completed"]);
    expect(calls()[0]).to.deep.equal({ tool_name: "invoke_endpoint", sequence: "MK" });
    expect(calls()[2]).to.deep.equal({ tool_name: "get_results", output_id: ID, detail: "full" });
  });

  it("asks with the id of its submission, so that the answer has the caller's name, and keeps the notes", async () => {
    const { tools, calls } = lambdaAnswering(
      success({ ...submitted, submission_id: ID, notes: ["a stop codon was dropped"] }),
      success({ ...completed, name: "mine" }),
    );
    const answer = await predict(tools, { sequence: "MK*", name: "mine" }, { firstPollSeconds: 0 });
    expect(answer).to.deep.include({ name: "mine", notes: ["a stop codon was dropped"] });
    expect(calls()[1]).to.deep.include({ submission_id: ID });
  });

  it("returns a failed job with its reason, and stops polling", async () => {
    const { tools } = lambdaAnswering(
      success(submitted),
      success({ ...pending, status: "failed", reason: "out of memory" }),
    );
    const answer = await predict(tools, { sequence: "MK" }, { firstPollSeconds: 0 });
    expect(answer).to.include({ status: "failed", reason: "out of memory" });
  });

  const busy = answered({ success: false, error_code: "SERVICE_BUSY", message: "AWS throttled", timestamp: "" });
  const atOnce = { firstPollSeconds: 0, longestPauseSeconds: 0 };

  it("goes on waiting where the service is busy at one look: the job goes on too", async () => {
    const { tools } = lambdaAnswering(success(submitted), busy, success(pending), busy, success(completed));
    expect(await predict(tools, { sequence: "MK" }, atOnce)).to.include({ status: "completed" });
  });

  it("gives up where the service stays busy, and at once where a look is refused for another reason", async () => {
    const { tools, calls } = lambdaAnswering(success(submitted), busy, busy, busy, busy, busy, success(completed));
    const error = await rejection(predict(tools, { sequence: "MK" }, atOnce));
    expect(error).to.be.instanceOf(ToolCallError).and.to.have.property("code", "SERVICE_BUSY");
    expect(calls()).to.have.length(6);

    const unknown = answered({ success: false, error_code: "UNKNOWN_JOB", message: "no job", timestamp: "" });
    const other = lambdaAnswering(success(submitted), unknown, success(completed));
    expect(await rejection(predict(other.tools, { sequence: "MK" }, atOnce))).to.have.property("code", "UNKNOWN_JOB");
  });

  it("reports how long it may still take", async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const { tools } = lambdaAnswering(success({ ...submitted, estimated_completion_time: soon }), success(completed));
    const left: number[] = [];
    await predict(
      tools,
      { sequence: "MK" },
      { firstPollSeconds: 0, onProgress: ({ remainingSeconds }) => left.push(remainingSeconds) },
    );
    expect(left[0]).to.be.within(1, 60);
    expect(left[1]).to.be.at.most(left[0] ?? 0);
  });

  it("stops waiting when the signal aborts", async () => {
    const { tools, calls } = lambdaAnswering(success(submitted));
    const abort = new AbortController();
    const options = {
      signal: abort.signal,
      onProgress: () => {
        abort.abort();
      },
    };
    expect(await rejection(predict(tools, { sequence: "MK" }, options))).to.have.property("name", "AbortError");
    expect(calls()).to.have.length(1);
  });

  it("submits nothing once the signal has aborted", async () => {
    const { tools, calls } = lambdaAnswering(success(submitted));
    const error = await rejection(predict(tools, { sequence: "MK" }, { signal: AbortSignal.abort() }));
    expect(error).to.have.property("name", "AbortError");
    expect(calls()).to.deep.equal([]);
  });
});

describe("ToolsClient", () => {
  it("throws a typed error with all faults where the tool returns an error", async () => {
    const errors = [{ error_code: "EMPTY_SEQUENCE", message: "empty" }];
    const { tools } = lambdaAnswering(
      answered({ success: false, error_code: "EMPTY_SEQUENCE", message: "empty", errors, timestamp: "" }),
    );
    const error = await rejection(tools.invokeEndpoint({ sequence: "" }));
    expect(error).to.be.instanceOf(ToolCallError);
    expect(error).to.deep.include({ code: "EMPTY_SEQUENCE", message: "empty", faults: errors });
  });

  it("names every fault in its message: people see no list of errors", async () => {
    const errors = ["a tag is too long.", "a name is too long."].map((message) => ({
      error_code: "INVALID_TAG",
      message,
    }));
    const message = "a tag is too long. (The first of 2 faults; see errors.)";
    const { tools } = lambdaAnswering(
      answered({ success: false, error_code: "INVALID_TAG", message, errors, timestamp: "" }),
    );
    const error = await rejection(tools.invokeEndpoint({ sequence: "MK" }));
    expect(error).to.have.property("message", "a tag is too long. a name is too long.");
  });

  it("throws another error where the function itself fails", async () => {
    const { tools } = lambdaAnswering({ ...answered({ errorMessage: "Task timed out" }), FunctionError: "Unhandled" });
    const error = await rejection(tools.getResults({ output_id: ID }));
    expect(error).to.be.instanceOf(ToolsUnavailableError);
    expect(String(error)).to.contain("tools").and.to.contain("Task timed out");
  });
});

describe("wholeResult", () => {
  it("reads the result from S3 where the answer holds only a summary", async () => {
    const s3 = mockClient(S3Client);
    const body = { transformToString: () => Promise.resolve(JSON.stringify(effectsOf("MK"))) };
    s3.on(GetObjectCommand, { Bucket: "b", Key: "out" }).resolves({
      Body: body as NonNullable<GetObjectCommandOutput["Body"]>,
    });
    const summary = { detail: "summary" } as NonNullable<GetResultsData["results"]>;
    const result = await wholeResult({ ...completed, results: summary }, new S3Client({ region: REGION }));
    expect(result.heatmap[0]).to.deep.equal([-1, -1]);
  });

  it("refuses a job that has no result", async () => {
    const error = await rejection(wholeResult(pending, new S3Client({ region: REGION })));
    expect(error).to.be.instanceOf(DataError);
  });
});
