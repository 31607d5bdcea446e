import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { RunError } from "@pulumi/pulumi";
import { expect } from "chai";
import { runBuild } from "../../../../components/endpoint/codeBuild/runBuild.js";
import { AwsError } from "../../../../local/twin/http.js";
import { CodeBuildEmulator, type Ending } from "../../../support/codeBuild.js";

const PROJECT = "protein-agent-image-build";
const IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/images:0a1b";
const DONE: Ending = { status: "SUCCEEDED" };

describe("A build in CodeBuild", () => {
  let emulator: CodeBuildEmulator;
  let image = IMAGE;
  const reports: string[] = [];
  const endings: Ending[] = [];

  beforeEach(async () => {
    image = IMAGE;
    reports.length = 0;
    endings.length = 0;
    emulator = await CodeBuildEmulator.start({
      project: (name) => (name === PROJECT ? { variables: { IMAGE: image }, concurrentBuildLimit: 1 } : undefined),
      run: () => endings.shift() ?? DONE,
      phases: ["QUEUED", "PRE_BUILD", "BUILD", "BUILD"],
    });
  });

  afterEach(() => {
    emulator.stop();
  });

  async function run(projectName = PROJECT): Promise<void> {
    const settings = {
      region: "us-east-1",
      endpoint: emulator.url,
      credentials: { accessKeyId: "id", secretAccessKey: "key" },
      maxAttempts: 1,
    };
    const clients = { codeBuild: new CodeBuildClient(settings), logs: new CloudWatchLogsClient(settings) };
    const target = { projectName, region: "us-east-1", image: IMAGE };
    await runBuild(clients, target, { report: (text) => reports.push(text), wait: () => Promise.resolve() });
  }

  async function failureOf(projectName?: string): Promise<string> {
    try {
      await run(projectName);
    } catch (error) {
      // Pulumi prints errors of this kind without a stack trace.
      expect(RunError.isInstance(error)).to.equal(true);
      return (error as Error).message;
    }
    throw new Error("The build succeeded.");
  }

  function answerOnce(operation: string, ...errors: AwsError[]): void {
    emulator.failNext.set(operation, errors);
  }

  it("is waited for, and each phase is reported once", async () => {
    await run();

    expect(emulator.started).to.equal(1);
    expect(reports).to.deep.equal([
      `CodeBuild builds the image ${IMAGE}.`,
      ...["QUEUED", "PRE_BUILD", "BUILD", "COMPLETED"].map((phase) => `${PROJECT}:00001: ${phase}`),
    ]);
  });

  it("of an interrupted up is waited for, and no other is started for the same image", async () => {
    emulator.startBuild(PROJECT);

    await run();

    expect(emulator.started).to.equal(1);
    expect(reports[0]).to.include("Waiting for the build");
  });

  it("of another image is waited for before one is started, whatever becomes of it", async () => {
    image = `${IMAGE}-older`;
    emulator.startBuild(PROJECT);
    image = IMAGE;
    endings.push({ status: "FAILED" });

    await run();

    expect(emulator.started).to.equal(2);
  });

  it("is started again after one that failed", async () => {
    endings.push({ status: "FAILED" });
    await failureOf();

    await run();

    expect(emulator.started).to.equal(2);
  });

  it("that fails is reported with its phase, the last 30 lines of its log and the next step", async () => {
    const log = Array.from({ length: 40 }, (_, line) => `line ${line + 1}`);
    endings.push({ status: "FAILED", message: "docker buildx build. Reason: exit status 1", log });

    const message = await failureOf();

    expect(message).to.include(`${PROJECT}:00001 of the image ${IMAGE} ended with FAILED in the phase BUILD: docker`);
    expect(message).to.include("Fix what the log reports, and run pulumi up again");
    expect(message.match(/^ {2}line \d+$/gm)).to.deep.equal(log.slice(10).map((line) => `  ${line}`));
    expect(message).to.match(/The whole log: https:.*00001$/);
  });

  for (const [status, advice] of [
    ["FAULT", /The fault is in CodeBuild: run pulumi up again/],
    ["STOPPED", /Somebody stopped the build: run pulumi up again/],
    ["TIMED_OUT", /may wait 30 minutes for other builds of the account, and run for 60 minutes/],
  ] as const) {
    it(`that ends with ${status} is reported with what to do`, async () => {
      endings.push({ status });

      expect(await failureOf())
        .to.match(new RegExp(`ended with ${status}`))
        .and.to.match(advice);
    });
  }

  it("whose log cannot be read is still reported", async () => {
    endings.push({ status: "FAILED" });
    answerOnce(
      "GetLogEvents",
      new AwsError(400, "AccessDeniedException", "not authorized to perform logs:GetLogEvents"),
    );

    expect(await failureOf()).to.match(/ended with FAILED[^]*Its log cannot be read: AccessDenied.*logs:GetLogEvents/);
  });

  for (const [code, advice] of [
    ["AccountLimitExceededException", /Concurrently running builds for Linux\/Medium.*--region us-east-1/],
    ["AccessDeniedException", /Allow this action for the identity that deploys/],
    ["ExpiredTokenException", /Sign in/],
  ] as const) {
    it(`that CodeBuild refuses with ${code} is reported with what to do`, async () => {
      answerOnce("StartBuild", new AwsError(400, code, "It says so."));

      expect(await failureOf())
        .to.match(new RegExp(`${PROJECT}\\): ${code}: It says so`))
        .and.to.match(advice);
    });
  }

  it("of a project in another account is reported with the reason", async () => {
    expect(await failureOf("other-project")).to.match(/ResourceNotFoundException.*same credentials/);
  });

  it("goes on when nobody can ask for it any more, and the error says so", async () => {
    answerOnce("BatchGetBuilds", new AwsError(400, "ExpiredTokenException", "The token is expired."));

    expect(await failureOf()).to.match(/Sign in.*The build .*:00001 goes on, and the next pulumi up waits for it/);
  });
});
