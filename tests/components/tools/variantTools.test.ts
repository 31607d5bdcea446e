import type { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import { functionBundle } from "../../../components/shared/functionBundle.js";
import { JOB_ENVIRONMENT } from "../../../contract/environment.js";
import { planned, statements } from "../../support/plannedStack.js";

const FUNCTION = "aws:lambda/function:Function";

describe("VariantTools", () => {
  it("runs on Node 22 for Arm with the limits that were asked for, and is traced", async () => {
    const { one, parentOf } = await planned("default", { lambdaMemoryMb: "1024", lambdaTimeoutSeconds: "60" });

    const tools = one(FUNCTION, "-tools-function");

    expect(parentOf(tools)?.type).to.equal("amplify-vep:index:VariantTools");
    expect(tools.inputs).to.deep.include({
      name: "protein-agent-default-async-endpoint-lambda",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      memorySize: 1024,
      timeout: 60,
      tracingConfig: { mode: "Active" },
    });
  });

  it("gets exactly the environment variables of the contract", async () => {
    const { one, outputs } = await planned("default", { lambdaTimeoutSeconds: "60" });

    const { variables } = one(FUNCTION, "-tools-function").inputs["environment"] as {
      variables: Record<string, string>;
    };

    expect(variables).to.have.all.keys(...Object.values(JOB_ENVIRONMENT));
    expect(variables).to.include({
      ENDPOINT_NAME: "protein-agent-default-endpoint",
      BUCKET_NAME: outputs["s3BucketName"],
      JOB_TABLE_NAME: outputs["jobTableName"],
      MODEL_ID: "chandar-lab/AMPLIFY_350M",
      MODEL_REVISION: "main",
      JOB_RETENTION_DAYS: "365",
      MAX_CONCURRENT_INVOCATIONS: "4",
      FUNCTION_TIMEOUT_SECONDS: "60",
    });
    expect(outputs["imageUri"]).to.match(new RegExp(`@${variables["MODEL_VERSION"] ?? "none"}$`));
  });

  it("reserves concurrency only if it is configured", async () => {
    const free = (await planned()).one(FUNCTION, "-tools-function").inputs;
    const reserved = (await planned("default", { lambdaReservedConcurrency: "3" })).one(
      FUNCTION,
      "-tools-function",
    ).inputs;

    expect(free).to.not.have.property("reservedConcurrentExecutions");
    expect(reserved["reservedConcurrentExecutions"]).to.equal(3);
  });

  it("logs into its own group with retention, which is created before it and deleted after it", async () => {
    const { one } = await planned("dev");

    const logs = one("aws:cloudwatch/logGroup:LogGroup", "-tools-logs");

    expect(logs.inputs).to.deep.include({
      name: "/aws/lambda/dev-protein-agent-async-endpoint-lambda",
      retentionInDays: 14,
    });
    expect(one(FUNCTION, "-tools-function").inputs["loggingConfig"]).to.deep.equal({
      logFormat: "Text",
      logGroup: logs.inputs["name"],
    });
    expect(one(FUNCTION, "-tools-function").options.dependsOn).to.include(logs.urn);
  });

  it("starts only once its role may act", async () => {
    const { one } = await planned();

    expect(one(FUNCTION, "-tools-function").options.dependsOn).to.include(
      one("aws:iam/rolePolicy:RolePolicy", "-tools-policy").urn,
    );
  });

  it("is assumed by Lambda alone, for this function", async () => {
    const { one } = await planned();

    const [trust] = statements(one("aws:iam/role:Role", "-tools-role").inputs["assumeRolePolicy"]);

    expect(trust).to.deep.include({
      Principal: { Service: "lambda.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: {
          "aws:SourceArn": "arn:aws:lambda:eu-west-1:123456789012:function:protein-agent-default-async-endpoint-lambda",
        },
      },
    });
  });

  it("has no URL and no policy that allows calls", async () => {
    const { all } = await planned();

    const called = all("aws:lambda/permission:Permission").map(({ inputs }) => inputs["function"]);

    expect(all("aws:lambda/functionUrl:FunctionUrl")).to.deep.equal([]);
    expect(called).to.deep.equal(["protein-agent-default-sweeper"]);
  });
});

describe("functionBundle", () => {
  it("is one minified file with its source map, the AWS SDK within", async () => {
    const files = await functionBundle("lambda/tools/index.ts").assets;

    expect(files).to.have.all.keys("index.js", "index.js.map");
    const code = await (files["index.js"] as asset.StringAsset).text;
    expect(code).to.include("InvokeEndpointAsync").and.to.include("sourceMappingURL=index.js.map");
    expect(code).to.not.match(/require\("@aws-sdk\/(client|lib)-/);
    expect(code.split("\n").length).to.be.lessThan(code.length / 1000);
  });

  it("holds no path of the machine that made it", async () => {
    const files = await functionBundle("lambda/tools/index.ts").assets;

    const texts = await Promise.all(Object.values(files).map((file) => (file as asset.StringAsset).text));

    for (const text of texts) expect(text).to.not.include(process.cwd());
  });

  it("fails where there is no such entry", async () => {
    const failure = await Promise.resolve(functionBundle("lambda/nothing/index.ts").assets).catch(
      (error: unknown) => error,
    );

    expect(failure).to.be.instanceOf(Error).with.property("message").that.includes("lambda/nothing/index.ts");
  });
});
