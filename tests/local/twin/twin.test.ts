import { DescribeEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect } from "chai";
import { inputKey, parseS3Uri, PREFIXES } from "../../../contract/storage.js";
import type { InvokeEndpointData } from "../../../contract/tools.js";
import { variantEffects } from "../../../contract/result.js";
import type { Twin } from "../../../local/twin/start.js";
import { sharedTwin } from "./support/sharedTwin.js";
import { dataOf, refusalOf, ToolCalls } from "./support/toolCalls.js";
import { rejection, until } from "./support/until.js";

const PROTEIN = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG";

describe("the program on the twin", () => {
  let twin: Twin;
  let tools: ToolCalls;
  let s3: S3Client;
  let bucket: string;

  before(async () => {
    twin = await sharedTwin();
    tools = new ToolCalls(twin);
    s3 = new S3Client(twin.clientConfig);
    bucket = String(twin.outputs["s3BucketName"]);
  });

  const requestsStored = async (): Promise<number> =>
    (await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: PREFIXES.input }))).KeyCount ?? 0;

  it("scores a protein from submission to result, and only once", async () => {
    const submitted = await tools.submit({ sequence: PROTEIN, name: "demo" });
    expect(submitted).to.include({ status: "in_progress", cached: false, sequence_length: 65 });
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: inputKey(submitted.output_id) }));

    const ended = await tools.ended(submitted.output_id);
    expect(ended).to.include({ status: "completed", s3_output_path: submitted.s3_output_path });
    const { submission_id } = submitted;
    expect(await tools.results(submitted.output_id, { submission_id })).to.include({ name: "demo" });
    const result = variantEffects.parse(ended.results);
    expect(result.heatmap[0]).to.have.lengthOf(65);
    expect(result.model.weights).to.equal("synthetic");

    const again = await tools.submit({ sequence: `>demo again\n${PROTEIN.toLowerCase()}\n` });
    expect(again).to.include({ output_id: submitted.output_id, status: "completed", cached: true });
  });

  it("stores the answer under another name than the job's, and links to it", async () => {
    const { output_id, s3_output_path } = await tools.submit({ sequence: PROTEIN });
    await tools.ended(output_id);
    expect(s3_output_path).to.be.a("string").and.to.not.contain(output_id);
    const { bucket: Bucket, key: Key } = parseS3Uri(s3_output_path ?? "");
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });
    expect(url).to.match(new RegExp(`^${twin.endpointUrl}/`));
    const answer = await fetch(url);
    expect(answer.status).to.equal(200);
    expect(variantEffects.parse(await answer.json()).sequence).to.equal(PROTEIN);
  });

  it("takes the tool's name from a gateway's client context", async () => {
    const context = { custom: { bedrockAgentCoreToolName: "protein-target___invoke_endpoint" } };
    const data = dataOf(await tools.call<InvokeEndpointData>({ sequence: PROTEIN }, context));
    expect(data.sequence_length).to.equal(65);
  });

  const refused: readonly (readonly [string, object, string])[] = [
    ["an empty sequence", { tool_name: "invoke_endpoint", sequence: "" }, "EMPTY_SEQUENCE"],
    ["10,001 residues", { tool_name: "invoke_endpoint", sequence: "A".repeat(10_001) }, "SEQUENCE_TOO_LONG"],
    ["an unknown residue", { tool_name: "invoke_endpoint", sequence: "MKTX" }, "INVALID_RESIDUE"],
    ["two FASTA records", { tool_name: "invoke_endpoint", sequence: ">a\nMKT\n>b\nMKT" }, "MULTIPLE_SEQUENCES"],
    ["binary data", { tool_name: "invoke_endpoint", sequence: "\u0000\u0001" }, "NOT_TEXT"],
    ["an unknown tool", { tool_name: "fold", sequence: PROTEIN }, "UNKNOWN_TOOL"],
    ["a malformed id", { tool_name: "get_results", output_id: "1" }, "INVALID_OUTPUT_ID"],
    ["an unknown id", { tool_name: "get_results", output_id: "00000000-0000-8000-8000-000000000000" }, "UNKNOWN_JOB"],
  ];
  for (const [what, event, code] of refused) {
    it(`refuses ${what}, and nothing is stored or started`, async () => {
      const stored = await requestsStored();
      const refusal = refusalOf(await tools.call(event));
      expect(refusal.error_code).to.equal(code);
      expect(await requestsStored()).to.equal(stored);
      expect(twin.endpoints[0]?.load.waiting).to.equal(0);
    });
  }

  it("fails the job during which the model server dies, with a reason, and scores it when it is submitted again", async () => {
    const long = PROTEIN.repeat(12);
    const [endpoint] = twin.endpoints;
    const { output_id } = await tools.submit({ sequence: long });
    const instance = await until("a job that runs", () => (endpoint?.load.running ? endpoint.instance : undefined));
    process.kill(instance.pid, "SIGKILL");

    const failed = await tools.ended(output_id);
    expect(failed.status).to.equal("failed");
    expect(failed.reason).to.contain("model server ended");
    expect(failed.results).to.be.null;

    const again = await tools.submit({ sequence: long });
    expect(again).to.include({ output_id, status: "in_progress", cached: false });
    expect((await tools.ended(output_id)).status).to.equal("completed");
    expect(endpoint?.instance?.pid).to.not.equal(instance.pid);
  });

  it("describes its endpoint as SageMaker does", async () => {
    const sagemaker = new SageMakerClient(twin.clientConfig);
    const described = await sagemaker.send(
      new DescribeEndpointCommand({ EndpointName: String(twin.outputs["endpointName"]) }),
    );
    expect(described.EndpointStatus).to.equal("InService");
    expect(described.EndpointArn).to.equal(twin.outputs["endpointArn"]);
    expect(described.EndpointConfigName).to.equal(twin.outputs["endpointConfigName"]);
    expect(described.ProductionVariants?.[0]).to.include({ CurrentInstanceCount: 1, DesiredInstanceCount: 1 });
    const unknown = sagemaker.send(new DescribeEndpointCommand({ EndpointName: "unknown" }));
    const error = await rejection(unknown);
    expect(error).to.have.property("name", "ValidationException");
    expect(error.message).to.contain("endpoint/unknown");
  });

  it("refuses an unknown endpoint and a value outside its limits as SageMaker's runtime does", async () => {
    const runtime = new SageMakerRuntimeClient(twin.clientConfig);
    const EndpointName = String(twin.outputs["endpointName"]);
    const InputLocation = `s3://${bucket}/${PREFIXES.input}none.json`;
    const unknown = new InvokeEndpointAsyncCommand({ EndpointName: "unknown", InputLocation });
    expect(await rejection(runtime.send(unknown))).to.have.property("name", "ValidationError");
    const hasty = new InvokeEndpointAsyncCommand({ EndpointName, InputLocation, RequestTTLSeconds: 59 });
    const error = await rejection(runtime.send(hasty));
    expect(error).to.have.property("name", "ValidationError");
    expect(error.message).to.contain("requestTTLSeconds");
  });

  it("publishes its function in a parameter", async () => {
    const Name = `/${String(twin.outputs["resourcePrefix"])}/sagemaker-async/lambda-function-arn`;
    const { Parameter } = await new SSMClient(twin.clientConfig).send(new GetParameterCommand({ Name }));
    expect(Parameter?.Value).to.equal(twin.outputs["lambdaFunctionArn"]);
  });
});
