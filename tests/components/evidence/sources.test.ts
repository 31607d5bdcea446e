import { expect } from "chai";
import { bundledFiles } from "../../../components/shared/bundledFiles.js";
import { isAllowed, isAssumable } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const ON = { evidence: "true" };
const KEYED = { ...ON, ncbiApiKeyParameter: "/vep/ncbi-api-key", evidenceContact: "name@example.org" };
const FUNCTION = "aws:lambda/function:Function";
const TABLE = "aws:dynamodb/table:Table";
const ROLE = "-sources-role";
const PARAMETER = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/vep/ncbi-api-key`;
const KMS_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`;

function variablesOf({ one }: PlannedStack): Record<string, string> {
  return (one(FUNCTION, "-sources-function").inputs["environment"] as { variables: Record<string, string> }).variables;
}

function arnIn(stack: PlannedStack, resource: string): string {
  const table = (name: string | undefined) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(name)}`;
  return resource
    .replace("{bucket}", String(stack.outputs["s3BucketArn"]))
    .replace("{jobs}", table(String(stack.outputs["jobTableName"])))
    .replace("{answers}", table(variablesOf(stack)["EVIDENCE_TABLE_NAME"]))
    .replace("{endpoint}", String(stack.outputs["endpointArn"]));
}

describe("EvidenceSources", () => {
  it("is not there by default", async () => {
    const { resources, outputs } = await planned("default", { network: "isolated" });

    expect(resources.filter(({ name }) => name.includes("-sources"))).to.deep.equal([]);
    expect(outputs).to.not.have.property("sourcesFunctionName");
  });

  it("is a traced function with its own log, and a table whose items expire", async () => {
    const stack = await planned("default", ON);
    const { inputs } = stack.one(FUNCTION, "-sources-function");

    expect(inputs).to.deep.include({
      name: "protein-agent-default-sources",
      timeout: 180,
      memorySize: 2048,
      tracingConfig: { mode: "Active" },
    });
    expect(stack.outputs["sourcesFunctionName"]).to.equal("protein-agent-default-sources");
    expect(stack.one(TABLE, "-sources-answers").inputs).to.deep.include({
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      ttl: { enabled: true, attributeName: "expires_at" },
    });
    expect(stack.one("aws:cloudwatch/logGroup:LogGroup", "-sources-logs").inputs).to.include({ retentionInDays: 30 });
    expect(Object.keys(variablesOf(stack))).to.deep.equal(["EVIDENCE_TABLE_NAME"]);
  });

  it("stays outside of the isolated network, in which retrieval and alignment are", async () => {
    const { one } = await planned("default", { ...ON, network: "isolated" });

    expect(one(FUNCTION, "-sources-function").inputs).to.not.have.property("vpcConfig");
    for (const name of ["-retrieval-function", "-alignment-function"]) {
      expect(one(FUNCTION, name).inputs).to.have.property("vpcConfig");
    }
  });

  it("gets the name of the parameter with the key, never the key, and the contact", async () => {
    const variables = variablesOf(await planned("default", KEYED));

    expect(variables).to.include({
      EVIDENCE_NCBI_KEY_PARAMETER: "/vep/ncbi-api-key",
      EVIDENCE_CONTACT: "name@example.org",
    });
  });

  it("uses an existing role as it is", async () => {
    const functionRoleArn = `arn:aws:iam::${ACCOUNT}:role/functions`;

    const { one, resources } = await planned("default", { ...ON, functionRoleArn });

    expect(one(FUNCTION, "-sources-function").inputs["role"]).to.equal(functionRoleArn);
    expect(resources.filter(({ name }) => name.endsWith(ROLE))).to.deep.equal([]);
  });

  it("is encrypted with the stack's key, which its role uses", async () => {
    const stack = await planned("default", { ...ON, encryption: "kms" });
    const key = stack.one(TABLE, "-sources-answers").inputs["serverSideEncryption"] as { kmsKeyArn: string };
    const through = (service: string) => ({
      "kms:ViaService": `${service}.${REGION}.amazonaws.com`,
      "kms:CallerAccount": ACCOUNT,
    });
    const may = (service: string): Promise<boolean> =>
      isAllowed(stack, { principal: ROLE, action: "kms:Decrypt", resource: key.kmsKeyArn, context: through(service) });

    expect(stack.one("aws:cloudwatch/logGroup:LogGroup", "-sources-logs").inputs["kmsKeyId"]).to.equal(key.kmsKeyArn);
    expect(await may("dynamodb")).to.equal(true);
    expect(await may("s3")).to.equal(true);
    expect(await may("sqs")).to.equal(false);
  });

  it("bundles the function under 3 MB", async () => {
    const files = await bundledFiles("lambda/evidence/sources/index.ts");

    expect(files.get("index.js")?.length).to.be.within(10_000, 3_000_000);
  });

  for (const [action, resource, expected] of [
    ["s3:GetObject", "{bucket}/evidence/w/protein.json", true],
    ["s3:PutObject", "{bucket}/evidence/w/uniprot.json", true],
    ["s3:GetObject", "{bucket}/async-inference-output/a.out", false],
    ["s3:GetObject", "{bucket}/genomes/g.fa.gz", false],
    ["s3:PutObject", "{bucket}/uploads/a.fasta", false],
    ["s3:DeleteObject", "{bucket}/evidence/w/protein.json", false],
    ["dynamodb:UpdateItem", "{answers}", true],
    ["dynamodb:PutItem", "{answers}", true],
    ["dynamodb:DeleteItem", "{answers}", false],
    ["dynamodb:Scan", "{answers}", false],
    ["dynamodb:GetItem", "{jobs}", false],
    ["ssm:GetParameter", PARAMETER, true],
    ["ssm:GetParameter", `${PARAMETER}-other`, false],
    ["ssm:PutParameter", PARAMETER, false],
    ["sagemaker:InvokeEndpointAsync", "{endpoint}", false],
    ["states:SendTaskSuccess", "*", false],
    ["logs:CreateLogGroup", "*", false],
    ["ec2:CreateNetworkInterface", "*", false],
  ] as const) {
    it(`${expected ? "may" : "may not"} ${action} on ${resource}`, async () => {
      const stack = await planned("default", KEYED);

      expect(await isAllowed(stack, { principal: ROLE, action, resource: arnIn(stack, resource) })).to.equal(expected);
    });
  }

  for (const [context, expected] of [
    [{ "kms:ViaService": `ssm.${REGION}.amazonaws.com`, "kms:EncryptionContext:PARAMETER_ARN": PARAMETER }, true],
    [
      { "kms:ViaService": `ssm.${REGION}.amazonaws.com`, "kms:EncryptionContext:PARAMETER_ARN": `${PARAMETER}2` },
      false,
    ],
    [{ "kms:ViaService": `s3.${REGION}.amazonaws.com`, "kms:EncryptionContext:PARAMETER_ARN": PARAMETER }, false],
    [{}, false],
  ] as const) {
    it(`${expected ? "may" : "may not"} decrypt with ${JSON.stringify(context)}`, async () => {
      const stack = await planned("default", KEYED);
      const request = { principal: ROLE, action: "kms:Decrypt", resource: KMS_KEY, context };

      // The key of the parameter is the operator's: its own policy is not part of the stack.
      expect(await isAllowed(stack, request)).to.equal(expected);
    });
  }

  it("may not read parameters without a key for NCBI", async () => {
    const stack = await planned("default", ON);

    expect(await isAllowed(stack, { principal: ROLE, action: "ssm:GetParameter", resource: PARAMETER })).to.equal(
      false,
    );
  });

  it("has a role that only this function of this account may assume", async () => {
    const stack = await planned("default", ON);
    const sourceArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:protein-agent-default-sources`;
    const request = { role: ROLE, service: "lambda.amazonaws.com", sourceAccount: ACCOUNT, sourceArn };

    expect(await isAssumable(stack, request)).to.equal(true);
    expect(await isAssumable(stack, { ...request, sourceArn: `${sourceArn}-2` })).to.equal(false);
    expect(await isAssumable(stack, { ...request, sourceAccount: "999999999999" })).to.equal(false);
  });
});
