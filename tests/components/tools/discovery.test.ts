import { expect } from "chai";
import { planned } from "../../support/plannedStack.js";

describe("Discovery", () => {
  it("says where function, endpoint, bucket, table and topics are, below the stack's prefix", async () => {
    const { all, outputs } = await planned("prod");

    const parameters: Record<string, unknown> = Object.fromEntries(
      all("aws:ssm/parameter:Parameter").map(({ inputs }) => [inputs["name"] as string, inputs["value"]]),
    );

    const [success, error] = outputs["notificationTopicArns"] as string[];
    expect(parameters).to.deep.equal({
      "/prod-protein-agent/sagemaker-async/lambda-function-arn": outputs["lambdaFunctionArn"],
      "/prod-protein-agent/sagemaker-async/endpoint-name": outputs["endpointName"],
      "/prod-protein-agent/sagemaker-async/bucket-name": outputs["s3BucketName"],
      "/prod-protein-agent/sagemaker-async/job-table-name": outputs["jobTableName"],
      "/prod-protein-agent/sagemaker-async/success-topic-arn": success,
      "/prod-protein-agent/sagemaker-async/error-topic-arn": error,
      "/prod-protein-agent/protein-agent/lambda-function-arn": outputs["lambdaFunctionArn"],
    });
  });

  it("writes the names that exist once in an account only on request", async () => {
    const legacy = ["/sagemaker-async/lambda-function-arn", "/protein-agent/lambda-function-arn"];
    const values = async (config: Record<string, string>) => {
      const { all } = await planned("default", config);
      return Object.fromEntries(
        all("aws:ssm/parameter:Parameter")
          .map(({ inputs }) => [String(inputs["name"]), inputs["value"]] as const)
          .filter(([name]) => legacy.includes(name)),
      );
    };
    const { outputs } = await planned("default");

    expect(await values({})).to.deep.equal({});
    expect(await values({ publishLegacyParameters: "true" })).to.deep.equal(
      Object.fromEntries(legacy.map((name) => [name, outputs["lambdaFunctionArn"]])),
    );
  });
});
