import { expect } from "chai";
import { EnvironmentError, readSettings } from "../../../lambda/shared/settings.js";
import { jobEnvironment } from "../support/world.js";

describe("readSettings", () => {
  it("reads every variable, and turns numbers into numbers", () => {
    expect(readSettings({ ...jobEnvironment() })).to.deep.equal({
      endpointName: "protein-endpoint",
      bucketName: "results-bucket",
      jobTableName: "jobs",
      modelId: "chandar-lab/AMPLIFY_120M",
      modelRevision: "main",
      modelVersion: "sha256:1111",
      jobRetentionDays: 365,
      maxConcurrentInvocations: 4,
      maxInvocationSeconds: 900,
      maxCapacity: 2,
      maxAttempts: 5,
      submissionTimeoutSeconds: 60,
      functionTimeoutSeconds: 30,
      costGuard: false,
    });
  });

  it("names every variable that is not set or cannot be used", () => {
    const variables = { ...jobEnvironment({ JOB_RETENTION_DAYS: "0", BUCKET_NAME: " " }), ENDPOINT_NAME: undefined };

    expect(() => readSettings(variables))
      .to.throw(EnvironmentError)
      .with.property("message")
      .that.includes("ENDPOINT_NAME is not set")
      .and.includes("BUCKET_NAME is not set")
      .and.includes("JOB_RETENTION_DAYS is '0', not a whole number of at least 1")
      .and.includes("deploy the stack again")
      .and.not.includes("MODEL_ID");
  });
});
