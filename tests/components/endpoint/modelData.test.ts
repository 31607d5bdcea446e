import { createHash } from "node:crypto";
import { expect } from "chai";
import { plannedHandlers } from "../../../local/program/plannedOutputs.js";
import { runProgram } from "../../../local/program/runProgram.js";
import { stackConfig } from "../../../local/program/stackConfig.js";
import { isAllowed } from "../../support/permissions.js";
import { planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const URL_OF_WEIGHTS = "s3://weights/fine-tuned/1/";
const FROM_S3 = { modelDataUrl: URL_OF_WEIGHTS };
const IMAGE = `123456789012.dkr.ecr.${REGION}.amazonaws.com/science/amplify@sha256:${"0".repeat(64)}`;
const ENDPOINT = "-endpoint-role";

/** Plans with a manifest of its own. */
async function plannedWith(body: string): Promise<{ variables: Record<string, string>; environment: unknown }> {
  const handlers = plannedHandlers({ region: REGION });
  const { resources } = await runProgram({
    stack: "default",
    config: stackConfig({ overrides: FROM_S3, region: REGION }),
    handlers: {
      ...handlers,
      invoke: (token, inputs) =>
        token === "aws:s3/getObject:getObject"
          ? Promise.resolve({ ...inputs, bodyBase64: Buffer.from(body).toString("base64") })
          : handlers.invoke(token, inputs),
    },
  });
  const inputsOf = (type: string, end = ""): Record<string, unknown> =>
    resources.find((one) => one.type === type && one.name.endsWith(end))?.inputs ?? {};
  const { variables } = inputsOf("aws:lambda/function:Function", "-tools-function")["environment"] as {
    variables: Record<string, string>;
  };
  const container = inputsOf("aws:sagemaker/model:Model")["primaryContainer"] as { environment?: unknown };
  return { variables, environment: container.environment };
}

function manifestOf(weights: string): string {
  return JSON.stringify({ files: { "config.json": "0".repeat(64), "model.safetensors": weights.repeat(64) } });
}

function functionVariables(stack: PlannedStack): unknown {
  return stack.one("aws:lambda/function:Function", "-tools-function").inputs["environment"];
}

describe("Weights from S3", () => {
  it("are neither looked up nor allowed where there are none", async () => {
    const { one, all } = await planned();

    expect(one("aws:sagemaker/model:Model").inputs["primaryContainer"]).to.have.all.keys("image", "environment");
    expect(all("aws:iam/rolePolicy:RolePolicy").filter(({ name }) => name.includes("weights"))).to.deep.equal([]);
  });

  it("are copied as they are, and the container gets the hash of their manifest", async () => {
    const body = manifestOf("1");
    const { one } = await planned("default", FROM_S3);

    const { environment, variables } = await plannedWith(body);

    expect(one("aws:sagemaker/model:Model").inputs["primaryContainer"]).to.deep.include({
      modelDataSource: {
        s3DataSources: [{ s3Uri: URL_OF_WEIGHTS, s3DataType: "S3Prefix", compressionType: "None" }],
      },
    });
    expect(environment).to.deep.equal({
      AMPLIFY_MODEL_VERSION: variables["MODEL_VERSION"],
      AMPLIFY_MODEL_DIR: "/opt/ml/model",
      AMPLIFY_MODEL_DATA_URL: URL_OF_WEIGHTS,
      AMPLIFY_MODEL_DATA_SHA256: createHash("sha256").update(body).digest("hex"),
    });
  });

  it("are built into no image", async () => {
    const own = await planned("default", FROM_S3);
    const prebuilt = await planned("default", { ...FROM_S3, imageUri: IMAGE });

    expect(own.one("docker-build:index:Image").inputs["buildArgs"]).to.deep.equal({ MODEL_ID: "" });
    expect(prebuilt.outputs["imageUri"]).to.equal(IMAGE);
    expect(prebuilt.one("aws:sagemaker/model:Model").inputs["primaryContainer"]).to.have.property("modelDataSource");
  });

  it("are part of the version of the model: other files make other jobs, the same files the same", async () => {
    const [first, same, other] = await Promise.all(["1", "1", "2"].map((weights) => plannedWith(manifestOf(weights))));
    const inImage = functionVariables(await planned());

    expect(first?.variables["MODEL_VERSION"]).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(same?.variables["MODEL_VERSION"]).to.equal(first?.variables["MODEL_VERSION"]);
    expect(other?.variables["MODEL_VERSION"]).to.not.equal(first?.variables["MODEL_VERSION"]);
    expect(inImage).to.not.have.nested.property("variables.MODEL_VERSION", first?.variables["MODEL_VERSION"]);
    expect(other?.environment).to.not.deep.equal(first?.environment);
  });

  it("are another version in another image", async () => {
    const own = functionVariables(await planned("default", FROM_S3));
    const prebuilt = functionVariables(await planned("default", { ...FROM_S3, imageUri: IMAGE }));

    expect(prebuilt).to.not.have.nested.property(
      "variables.MODEL_VERSION",
      (own as { variables: Record<string, string> }).variables["MODEL_VERSION"],
    );
  });

  it("name the model of each job", async () => {
    const { variables } = await plannedWith(manifestOf("1"));

    expect(variables["MODEL_ID"]).to.equal(URL_OF_WEIGHTS);
    expect(variables["MODEL_REVISION"]).to.equal(
      `sha256:${createHash("sha256").update(manifestOf("1")).digest("hex")}`,
    );
  });

  for (const [body, reason] of [
    ["not JSON", "it is not JSON"],
    [JSON.stringify({ files: { "model.safetensors": "0".repeat(64) } }), "config.json"],
    [JSON.stringify({ files: { "config.json": "0".repeat(64) } }), "no safetensors"],
    [JSON.stringify({ files: { "config.json": "0", "model.safetensors": "0" } }), "string"],
  ] as const) {
    it(`are refused with the manifest ${body.slice(0, 40)}`, async () => {
      const failure = await plannedWith(body).catch((error: unknown) => error);

      expect(failure).to.be.instanceOf(Error).with.property("message").that.includes(`${URL_OF_WEIGHTS}manifest.json`);
      expect(failure).to.have.property("message").that.includes(reason);
      expect(failure).to.have.property("message").that.includes("amplify-vep prove");
    });
  }
});

describe("Permissions to read weights from S3", () => {
  const bucket = "arn:aws:s3:::weights";
  const isolated = { ...FROM_S3, network: "isolated" };

  for (const [action, resource, context, expected] of [
    ["s3:GetObject", `${bucket}/fine-tuned/1/model.safetensors`, {}, true],
    ["s3:ListBucket", bucket, { "s3:prefix": "fine-tuned/1/" }, true],
    ["s3:GetObject", `${bucket}/fine-tuned/2/model.safetensors`, {}, false],
    ["s3:GetObject", `${bucket}/fine-tuned/1`, {}, false],
    ["s3:PutObject", `${bucket}/fine-tuned/1/model.safetensors`, {}, false],
    ["s3:DeleteObject", `${bucket}/fine-tuned/1/model.safetensors`, {}, false],
    ["s3:ListBucket", bucket, {}, false],
    ["s3:ListBucket", bucket, { "s3:prefix": "" }, false],
    ["s3:ListBucket", "arn:aws:s3:::other", { "s3:prefix": "fine-tuned/1/" }, false],
  ] as const) {
    it(`${expected ? "allow" : "deny"} ${action} on ${resource} ${JSON.stringify(context)}`, async () => {
      const request = { principal: ENDPOINT, action, resource, context };

      expect(await isAllowed(await planned("default", FROM_S3), request)).to.equal(expected);
      expect(await isAllowed(await planned("default", isolated), { ...request, through: "-s3" })).to.equal(expected);
    });
  }

  it("are not given to the tools' function", async () => {
    const request = { action: "s3:GetObject", resource: `${bucket}/fine-tuned/1/model.safetensors` };

    expect(await isAllowed(await planned("default", FROM_S3), { principal: "-tools-role", ...request })).to.equal(
      false,
    );
  });

  it("are there before the model, in a policy of their own for each URL", async () => {
    const { one } = await planned("default", FROM_S3);
    const other = await planned("default", { modelDataUrl: "s3://weights/fine-tuned/2/" });
    const named = ({ all }: PlannedStack): string[] =>
      all("aws:iam/rolePolicy:RolePolicy").flatMap(({ name }) => (name.includes("-weights-") ? [name] : []));

    const [name = ""] = named(await planned("default", FROM_S3));

    expect(one("aws:sagemaker/model:Model").options.dependsOn).to.include(
      one("aws:iam/rolePolicy:RolePolicy", name).urn,
    );
    expect(named(other)).to.have.length(1).and.not.include(name);
  });
});
