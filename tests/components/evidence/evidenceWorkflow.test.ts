import { createRequire } from "node:module";
import { expect } from "chai";
import { LONGEST_PREFIX } from "../../../components/config/names.js";
import { workflowDefinition } from "../../../components/evidence/workflowDefinition.js";
import { bundledFiles } from "../../../components/shared/bundledFiles.js";
import { isAllowed, isAssumable } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, statements, type PlannedStack } from "../../support/plannedStack.js";

const ON = { evidence: "true" };
const FUNCTION = "aws:lambda/function:Function";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const MACHINE_ARN = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:protein-agent-default-evidence`;
const EXECUTION = MACHINE_ARN.replace(":stateMachine:", ":execution:");
const WORKFLOW = "-workflow-role";
const STEPS = "-steps-role";
const GATHERER = "-gatherer-role";

// The package has no types.
const validateDefinition = createRequire(import.meta.url)("asl-validator") as (definition: object) => {
  readonly isValid: boolean;
  readonly errors: readonly object[];
};

function definitionOf({ one }: PlannedStack): Record<string, unknown> {
  return JSON.parse(String(one(MACHINE).inputs["definition"])) as Record<string, unknown>;
}

/** Fills in the ARNs of a stack. */
function arnIn({ outputs, one }: PlannedStack, resource: string): string {
  const functionArn = (name: string): string =>
    `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${String(one(FUNCTION, name).inputs["name"])}`;
  return resource
    .replace("{bucket}", String(outputs["s3BucketArn"]))
    .replace("{table}", `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(outputs["jobTableName"])}`)
    .replace("{endpoint}", String(outputs["endpointArn"]))
    .replace("{steps}", functionArn("-steps-function"))
    .replace("{sources}", functionArn("-sources-function"))
    .replace("{tools}", String(outputs["lambdaFunctionArn"]))
    .replace("{machine}", MACHINE_ARN)
    .replace("{execution}", EXECUTION);
}

describe("EvidenceWorkflow", () => {
  it("is not there by default: no resource, no variable, no right, no method", async () => {
    const stack = await planned("default", { api: "true", network: "isolated" });

    expect(stack.resources.filter(({ name }) => /-workflow|-steps|-gatherer|-evidence/.test(name))).to.deep.equal([]);
    expect(JSON.stringify(stack.resources.map(({ inputs }) => inputs))).to.not.match(
      /states:|ANSWERS_TASKS|\/workflows|\/analysis|"evidence\/|"audit\//,
    );
    expect(stack.outputs).to.not.have.property("workflowStateMachineArn");
  });

  it("has a valid definition of the type STANDARD", async () => {
    const stack = await planned("default", ON);

    const { isValid, errors } = validateDefinition(definitionOf(stack));

    expect(errors, JSON.stringify(errors)).to.deep.equal([]);
    expect(isValid).to.equal(true);
    expect(stack.one(MACHINE).inputs).to.include({ type: "STANDARD", name: "protein-agent-default-evidence" });
    expect(stack.one(MACHINE).inputs["loggingConfiguration"]).to.include({ includeExecutionData: false });
    expect(stack.outputs["workflowStateMachineArn"]).to.equal(MACHINE_ARN);
  });

  it("would be refused by the validator with a state that does not exist", () => {
    const arns = { stepsArn: "a", retrievalArn: "b", alignmentArn: "c", sourcesArn: "d" };
    const text = JSON.stringify(workflowDefinition({ partition: "aws", ...arns })).replace(
      '"Next":"Join"',
      '"Next":"J"',
    );

    expect(validateDefinition(JSON.parse(text) as object).isValid).to.equal(false);
  });

  it("uses only what the emulator of the local twin executes too", async () => {
    const text = JSON.stringify(definitionOf(await planned("default", ON)));

    expect(text).to.not.match(/ItemBatcher|ResultWriter|JSONata|"Assign"|JSONL|DISTRIBUTED|\.sync/);
  });

  it("bundles its functions under 2 MB, and names nothing longer than AWS takes", async () => {
    const projectName = "a".repeat(LONGEST_PREFIX - "default".length - 1);
    const { resources } = await planned("default", { ...ON, projectName });

    for (const entry of ["workflow", "steps"]) {
      const files = await bundledFiles(`lambda/evidence/${entry}/index.ts`);
      expect(files.get("index.js")?.length, entry).to.be.within(10_000, 2_000_000);
    }
    // Pulumi adds a hyphen and seven digits to the names of roles.
    const names = resources.filter(({ type }) => type === "aws:iam/role:Role").map(({ name }) => `${name}-0a1b2c3`);
    expect(names.filter((name) => name.length > 64)).to.deep.equal([]);
  });

  it("tells recorder and sweeper of its tasks, and the function which web pages may call", async () => {
    const { one } = await planned("default", { ...ON, api: "true", apiOrigins: "https://lab.example" });
    const variables = (name: string) =>
      (one(FUNCTION, name).inputs["environment"] as { variables: Record<string, string> }).variables;

    for (const name of ["-recorder-function", "-sweeper-function"]) {
      expect(variables(name)).to.include({ ANSWERS_TASKS: "true", SUBMISSION_TIMEOUT_SECONDS: "300" });
    }
    expect(variables("-workflow-function")).to.include({
      WORKFLOW_MACHINE_ARN: MACHINE_ARN,
      API_ORIGINS: "https://lab.example",
    });
  });

  const item = (key: string) => ({ "dynamodb:LeadingKeys": key });
  for (const [principal, action, resource, expected, context] of [
    [WORKFLOW, "states:StartExecution", "{machine}", true],
    [WORKFLOW, "states:StartExecution", "{machine}-other", false],
    [WORKFLOW, "states:DescribeExecution", "{execution}:1", true],
    [WORKFLOW, "states:DescribeExecution", "{execution}-other:1", false],
    [WORKFLOW, "states:GetExecutionHistory", "{execution}:1", false],
    [WORKFLOW, "states:StopExecution", "{execution}:1", true],
    [WORKFLOW, "states:StopExecution", "{execution}-other:1", false],
    [WORKFLOW, "states:SendTaskSuccess", "*", false],
    [WORKFLOW, "lambda:InvokeFunction", "{steps}", false],
    [WORKFLOW, "s3:PutObject", "{bucket}/evidence/1/request.json", true],
    [WORKFLOW, "s3:GetObject", "{bucket}/evidence/1/evidence.json", true],
    [WORKFLOW, "s3:GetObject", "{bucket}/async-inference-output/a.out", false],
    [WORKFLOW, "s3:PutObject", "{bucket}/audit/2026/11/2026-11-25.jsonl", false],
    [WORKFLOW, "dynamodb:PutItem", "{table}", true, item("workflow/1")],
    [WORKFLOW, "dynamodb:UpdateItem", "{table}", true, item("workflow/1")],
    [WORKFLOW, "dynamodb:UpdateItem", "{table}", false, item("0a8d4b6e-0000-8000-8000-000000000001")],
    [WORKFLOW, "dynamodb:PutItem", "{table}", true, item("audit/1")],
    [WORKFLOW, "dynamodb:UpdateItem", "{table}", false, item("audit/1")],
    [WORKFLOW, "dynamodb:DeleteItem", "{table}", false, item("audit/1")],
    [WORKFLOW, "sagemaker:InvokeEndpointAsync", "{endpoint}", false],
    [STEPS, "sagemaker:InvokeEndpointAsync", "{endpoint}", true],
    [STEPS, "states:SendTaskSuccess", "*", true],
    [STEPS, "states:StartExecution", "{machine}", false],
    [STEPS, "s3:GetObject", "{bucket}/async-inference-output/a.out", true],
    [STEPS, "s3:PutObject", "{bucket}/evidence/1/evidence.json", true],
    [STEPS, "s3:PutObject", "{bucket}/audit/2026/11/2026-11-25.jsonl", true],
    [STEPS, "s3:DeleteObject", "{bucket}/audit/2026/11/2026-11-25.jsonl", false],
    [STEPS, "s3:GetObject", "{bucket}/audit/2026/11/2026-11-25.jsonl", false],
    [STEPS, "s3:PutObject", "{bucket}/async-inference-output/a.out", false],
    [GATHERER, "lambda:InvokeFunction", "{steps}", true],
    [GATHERER, "lambda:InvokeFunction", "{sources}", true],
    [GATHERER, "lambda:InvokeFunction", "{tools}", false],
    [GATHERER, "s3:GetObject", "{bucket}/evidence/1/request.json", false],
    [GATHERER, "dynamodb:GetItem", "{table}", false],
    ["-recorder-role", "states:SendTaskSuccess", "*", true],
    ["-tools-role", "states:StartExecution", "{machine}", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} ${action} on ${resource} ${JSON.stringify(context ?? "")}`, async () => {
      const stack = await planned("default", ON);
      const request = { principal, action, resource: arnIn(stack, resource), ...(context && { context }) };

      expect(await isAllowed(stack, request)).to.equal(expected);
    });
  }

  it("lets Step Functions alone assume the role of the state machine", async () => {
    const stack = await planned("default", ON);
    const may = (service: string, sourceArn: string): Promise<boolean> =>
      isAssumable(stack, { role: GATHERER, service, sourceAccount: ACCOUNT, sourceArn });

    expect(await may("states.amazonaws.com", MACHINE_ARN)).to.equal(true);
    expect(await may("states.amazonaws.com", `${MACHINE_ARN}-other`)).to.equal(false);
    expect(await may("lambda.amazonaws.com", MACHINE_ARN)).to.equal(false);
  });

  it("denies everybody to change the audit, and all but the function of workflows to add to it", async () => {
    const { one } = await planned("default", ON);

    const policy = JSON.parse(String(one("aws:dynamodb/resourcePolicy:ResourcePolicy").inputs["policy"])) as object;

    expect(statements(policy).map(({ Effect, Action }) => [Effect, Action])).to.deep.equal([
      ["Deny", ["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"]],
      ["Deny", "dynamodb:PutItem"],
    ]);
    expect(JSON.stringify(policy)).to.include('"ArnNotEquals":{"aws:PrincipalArn"').and.to.include('"audit/*"');
  });

  it("archives the audit each day, ever colder, and deletes the archive after seven years", async () => {
    const { one, all } = await planned("default", ON);
    const { inputs } = one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "-data-lifecycle");
    const rules = inputs["rules"] as {
      readonly id: string;
      readonly transitions?: unknown;
      readonly expiration?: unknown;
    }[];

    expect(rules.find(({ id }) => id === "audit-archive")?.transitions).to.deep.equal([
      { days: 30, storageClass: "STANDARD_IA" },
      { days: 90, storageClass: "GLACIER" },
      { days: 365, storageClass: "DEEP_ARCHIVE" },
    ]);
    expect(rules.find(({ id }) => id === "audit")?.expiration).to.deep.equal({ days: 2557 });
    expect(rules.find(({ id }) => id === "evidence")?.expiration).to.deep.equal({ days: 90 });
    const targets = all("aws:cloudwatch/eventTarget:EventTarget").map(({ inputs: target }) => target["input"]);
    expect(targets).to.include('{"task":"archive"}');
  });

  it("has its methods in the HTTP API, each called by API Gateway alone", async () => {
    const { one, all } = await planned("default", { ...ON, api: "true" });
    const { paths } = JSON.parse(String(one("aws:apigateway/restApi:RestApi").inputs["body"])) as {
      readonly paths: Record<string, Record<string, { "x-amazon-apigateway-integration": { uri: string } }>>;
    };
    const called = (path: string, method: string): string | undefined =>
      paths[path]?.[method]?.["x-amazon-apigateway-integration"].uri.split(":function:")[1];

    const groups = ["genomics", "proteomics", "literature", "drug", "decision"].map((group) => `/analysis/${group}`);
    for (const path of ["/workflows", "/workflows/{workflow_id}/cancel", ...groups]) {
      expect(called(path, "post"), path).to.equal("protein-agent-default-workflow/invocations");
    }
    for (const path of ["/workflows/{workflow_id}", "/workflows/{workflow_id}/results"]) {
      expect(called(path, "get"), path).to.equal("protein-agent-default-workflow/invocations");
    }
    expect(called("/predictions", "post")).to.equal("protein-agent-default-async-endpoint-lambda/invocations");
    const permissions = all("aws:lambda/permission:Permission").filter(({ name }) => name.includes("-api-"));
    expect(permissions).to.have.length(2);
  });

  it("is encrypted with the stack's key", async () => {
    const stack = await planned("default", { ...ON, encryption: "kms" });
    const resource = String(stack.one("aws:cloudwatch/logGroup:LogGroup", "-evidence-machine-logs").inputs["kmsKeyId"]);
    const through = { "kms:ViaService": `s3.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };
    const own = { "kms:EncryptionContext:aws:states:stateMachineArn": MACHINE_ARN, "kms:CallerAccount": ACCOUNT };
    const may = (principal: string, context: Record<string, string>): Promise<boolean> =>
      isAllowed(stack, { principal, action: "kms:Decrypt", resource, context });

    expect(stack.one(MACHINE).inputs["encryptionConfiguration"]).to.include({ kmsKeyId: resource });
    for (const principal of [WORKFLOW, STEPS]) expect(await may(principal, through), principal).to.equal(true);
    expect(await may(GATHERER, own)).to.equal(true);
    expect(await may(STEPS, own)).to.equal(false);
  });

  it("runs in the isolated network, through whose endpoint it starts workflows", async () => {
    const stack = await planned("default", { ...ON, network: "isolated" });
    const through = "-default-states";

    for (const name of ["-workflow-function", "-steps-function"]) {
      expect(stack.one(FUNCTION, name).inputs["vpcConfig"]).to.deep.equal(
        stack.one(FUNCTION, "-tools-function").inputs["vpcConfig"],
      );
    }
    const request = { action: "states:StartExecution", resource: MACHINE_ARN, through };
    const looked = { action: "states:DescribeExecution", resource: `${EXECUTION}:1`, through };
    expect(await isAllowed(stack, { ...request, principal: WORKFLOW })).to.equal(true);
    expect(await isAllowed(stack, { ...looked, principal: WORKFLOW })).to.equal(true);
    expect(await isAllowed(stack, { ...request, principal: "-tools-role" })).to.equal(false);
  });
});
