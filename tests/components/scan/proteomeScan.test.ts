import { createRequire } from "node:module";
import { expect } from "chai";
import { LONGEST_PREFIX } from "../../../components/config/names.js";
import { bundledFiles } from "../../../components/shared/bundledFiles.js";
import { isAllowed, isAssumable } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, statements, type PlannedStack } from "../../support/plannedStack.js";

const ON = { scan: "true", resultsCatalog: "true" };
const SCHEDULED = {
  ...ON,
  scanSchedule: "cron(0 3 ? * SUN *)",
  scanTimeZone: "Europe/Berlin",
  scanInput: "uploads/a.fasta",
};
const FUNCTION = "aws:lambda/function:Function";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const SCAN = "-scan-role";
const SCANNER = "-scanner-role";
const TIMER = "-timer-role";
const MACHINE_ARN = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:protein-agent-default-scan`;
const EXECUTION = MACHINE_ARN.replace(":stateMachine:", ":execution:");

// The package has no types.
const validateDefinition = createRequire(import.meta.url)("asl-validator") as (definition: object) => {
  readonly isValid: boolean;
  readonly errors: readonly object[];
};

interface Definition {
  readonly States: {
    readonly Shards: Record<string, unknown> & {
      readonly ItemProcessor: { readonly States: { readonly Submit: Record<string, unknown> } };
    };
  };
}

function definitionOf({ one }: PlannedStack): Definition {
  return JSON.parse(String(one(MACHINE).inputs["definition"])) as Definition;
}

/** Fills in the ARNs of a stack. */
function arnIn({ outputs, one }: PlannedStack, resource: string): string {
  return resource
    .replace("{bucket}", String(outputs["s3BucketArn"]))
    .replace("{table}", `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(outputs["jobTableName"])}`)
    .replace("{endpoint}", String(outputs["endpointArn"]))
    .replace(
      "{function}",
      `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${String(one(FUNCTION, "-scan-function").inputs["name"])}`,
    )
    .replace("{tools}", String(outputs["lambdaFunctionArn"]))
    .replace("{machine}", MACHINE_ARN)
    .replace("{execution}", EXECUTION);
}

describe("ProteomeScan", () => {
  it("is not there by default: no resource, no variable, no right, and no state in the filter of the store", async () => {
    const stack = await planned("default", { resultsCatalog: "true", network: "isolated" });

    expect(stack.resources.filter(({ name }) => /-scan|-timer/.test(name))).to.deep.equal([]);
    expect(JSON.stringify(stack.resources.map(({ inputs }) => inputs))).to.not.match(
      /states:SendTask|ANSWERS_TASKS|wait_ended/,
    );
    expect(stack.outputs).to.not.have.property("scanStateMachineArn");
    const variables = stack.one(FUNCTION, "-results-function").inputs["environment"];
    expect(JSON.stringify(variables)).to.not.include("JOB_TABLE_NAME");
  });

  it("has a definition that is valid, and a Distributed Map that is bounded by the plan and tolerates failures", async () => {
    const stack = await planned("default", ON);
    const definition = definitionOf(stack);

    const { isValid, errors } = validateDefinition(definition);

    expect(errors, JSON.stringify(errors)).to.deep.equal([]);
    expect(isValid).to.equal(true);
    expect(stack.one(MACHINE).inputs).to.include({ type: "STANDARD", name: "protein-agent-default-scan" });
    expect(definition.States.Shards).to.include({
      MaxConcurrencyPath: "$.concurrency",
      ToleratedFailureCountPath: "$.tolerated",
    });
    expect(definition.States.Shards.ItemProcessor.States.Submit["Resource"]).to.equal(
      "arn:aws:states:::lambda:invoke.waitForTaskToken",
    );
    expect(stack.outputs["scanStateMachineArn"]).to.equal(MACHINE_ARN);
  });

  it("would be refused by the validator with a state that does not exist", async () => {
    const text = JSON.stringify(definitionOf(await planned("default", ON))).replace(
      '"Next":"Summarise"',
      '"Next":"Sumarise"',
    );

    expect(validateDefinition(JSON.parse(text) as object).isValid).to.equal(false);
  });

  it("uses only what the emulator of the local twin executes too", async () => {
    const text = JSON.stringify(definitionOf(await planned("default", ON)));

    expect(text).to.not.match(/ItemBatcher|ResultWriter|JSONata|"Assign"|JSONL|ToleratedFailurePercentage"/);
  });

  it("logs errors without the data of executions, and is traced", async () => {
    const { one } = await planned("default", ON);

    expect(one(MACHINE).inputs).to.deep.include({
      loggingConfiguration: {
        level: "ERROR",
        includeExecutionData: false,
        logDestination: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/vendedlogs/states/protein-agent-default-scan:*`,
      },
      tracingConfiguration: { enabled: true },
    });
  });

  it("tells recorder, sweeper and store of it, and gives up a submission only after the function's timeout", async () => {
    const { one } = await planned("default", ON);
    const variables = (name: string) =>
      (one(FUNCTION, name).inputs["environment"] as { variables: Record<string, string> }).variables;

    for (const name of ["-recorder-function", "-sweeper-function"]) {
      expect(variables(name)).to.include({ ANSWERS_TASKS: "true", SUBMISSION_TIMEOUT_SECONDS: "300" });
    }
    expect(variables("-results-function")["JOB_TABLE_NAME"]).to.be.a("string");
    const { inputs } = one("aws:lambda/eventSourceMapping:EventSourceMapping", "-results-stream");
    expect(JSON.stringify(inputs["filterCriteria"])).to.include("wait_ended");
  });

  it("bundles the function under 2 MB, and names nothing longer than AWS takes", async () => {
    const files = await bundledFiles("lambda/scan/index.ts");
    const projectName = "a".repeat(LONGEST_PREFIX - "default".length - 1);
    const { resources } = await planned("default", { ...SCHEDULED, projectName });

    expect(files.get("index.js")?.length).to.be.within(10_000, 2_000_000);
    // Pulumi adds a hyphen and seven digits to the names of roles.
    const names = resources.filter(({ type }) => type === "aws:iam/role:Role").map(({ name }) => `${name}-0a1b2c3`);
    expect(names.filter((name) => name.length > 64)).to.deep.equal([]);
  });

  for (const [principal, action, resource, expected] of [
    [SCAN, "s3:GetObject", "{bucket}/uploads/a.fasta", true],
    [SCAN, "s3:GetObject", "{bucket}/scans/1/shards.json", true],
    [SCAN, "s3:GetObject", "{bucket}/async-inference-output/a.out", false],
    [SCAN, "s3:PutObject", "{bucket}/scans/1/shards/00001.json", true],
    [SCAN, "s3:PutObject", "{bucket}/uploads/a.fasta", false],
    [SCAN, "s3:PutObject", "{bucket}/uploads/a.fasta.scan.json", true],
    [SCAN, "s3:PutObject", "{bucket}/uploads/a.fasta.scan.csv", true],
    [SCAN, "s3:PutObject", "{bucket}/results/stage=new/day=2026-11-25/a.parquet", false],
    [SCAN, "dynamodb:UpdateItem", "{table}", true],
    [SCAN, "dynamodb:DeleteItem", "{table}", false],
    [SCAN, "sagemaker:InvokeEndpointAsync", "{endpoint}", true],
    [SCAN, "states:SendTaskSuccess", "*", true],
    [SCAN, "states:StartExecution", "{machine}", false],
    [SCANNER, "lambda:InvokeFunction", "{function}", true],
    [SCANNER, "lambda:InvokeFunction", "{tools}", false],
    [SCANNER, "s3:GetObject", "{bucket}/scans/1/shards.json", true],
    [SCANNER, "s3:GetObject", "{bucket}/uploads/a.fasta", false],
    [SCANNER, "states:StartExecution", "{machine}", true],
    [SCANNER, "states:StartExecution", "{machine}-other", false],
    [SCANNER, "states:StopExecution", "{execution}/Shards:1", true],
    [SCANNER, "states:RedriveExecution", "{execution}/Shards:1", true],
    [SCANNER, "states:StopExecution", "{execution}-other:1", false],
    [SCANNER, "logs:CreateLogGroup", "*", false],
    [SCANNER, "dynamodb:GetItem", "{table}", false],
    [TIMER, "states:StartExecution", "{machine}", true],
    [TIMER, "states:StopExecution", "{execution}:1", false],
    [TIMER, "lambda:InvokeFunction", "{function}", false],
    ["-recorder-role", "states:SendTaskSuccess", "*", true],
    ["-recorder-role", "states:SendTaskFailure", "*", true],
    ["-recorder-role", "states:StartExecution", "{machine}", false],
    ["-sweeper-role", "states:SendTaskFailure", "*", true],
    ["-tools-role", "states:SendTaskSuccess", "*", false],
    ["-tools-role", "states:StartExecution", "{machine}", false],
    ["-results-role", "dynamodb:GetItem", "{table}", true],
    ["-results-role", "dynamodb:PutItem", "{table}", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} ${action} on ${resource}`, async () => {
      const stack = await planned("default", SCHEDULED);

      expect(await isAllowed(stack, { principal, action, resource: arnIn(stack, resource) })).to.equal(expected);
    });
  }

  const group = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group`;
  for (const [role, service, sourceArn, expected] of [
    [SCANNER, "states.amazonaws.com", MACHINE_ARN, true],
    [SCANNER, "states.amazonaws.com", `${MACHINE_ARN}-other`, false],
    [SCANNER, "lambda.amazonaws.com", MACHINE_ARN, false],
    [TIMER, "scheduler.amazonaws.com", `${group}/protein-agent-default-scan`, true],
    [TIMER, "scheduler.amazonaws.com", `${group}/default`, false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${service} assume ${role} for ${sourceArn}`, async () => {
      const stack = await planned("default", SCHEDULED);

      expect(await isAssumable(stack, { role, service, sourceAccount: ACCOUNT, sourceArn })).to.equal(expected);
      expect(await isAssumable(stack, { role, service, sourceAccount: "999999999999", sourceArn })).to.equal(false);
    });
  }

  it("starts a scan of one file at the time that is asked for, in its time zone", async () => {
    const { one } = await planned("default", SCHEDULED);

    expect(one(SCHEDULE).inputs).to.deep.include({
      scheduleExpression: "cron(0 3 ? * SUN *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "OFF" },
    });
    expect(one(SCHEDULE).inputs["target"]).to.include({ arn: MACHINE_ARN, input: '{"key":"uploads/a.fasta"}' });
  });

  it("has no schedule without one", async () => {
    const { all, resources } = await planned("default", ON);

    expect(all(SCHEDULE)).to.deep.equal([]);
    expect(resources.filter(({ name }) => name.includes("-timer"))).to.deep.equal([]);
  });

  it("is encrypted with the stack's key, which those use who run and answer scans", async () => {
    const stack = await planned("default", { ...SCHEDULED, encryption: "kms" });
    const resource = String(stack.one("aws:cloudwatch/logGroup:LogGroup", "-scan-machine-logs").inputs["kmsKeyId"]);
    const through = { "kms:ViaService": `states.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };
    const own = { "kms:EncryptionContext:aws:states:stateMachineArn": MACHINE_ARN, "kms:CallerAccount": ACCOUNT };
    const other = { ...own, "kms:EncryptionContext:aws:states:stateMachineArn": `${MACHINE_ARN}-other` };
    const may = (principal: string, context: Record<string, string>): Promise<boolean> =>
      isAllowed(stack, { principal, action: "kms:Decrypt", resource, context });

    expect(stack.one(MACHINE).inputs["encryptionConfiguration"]).to.include({
      type: "CUSTOMER_MANAGED_KMS_KEY",
      kmsKeyId: resource,
    });
    for (const principal of ["-recorder-role", "-sweeper-role", SCAN, TIMER, "owner"]) {
      expect(await may(principal, through), principal).to.equal(true);
    }
    expect(await may("-tools-role", through)).to.equal(false);
    expect(await may(SCANNER, own)).to.equal(true);
    expect(await may(SCANNER, other)).to.equal(false);
  });

  it("lets people use the stack's key for scans only where there are scans", async () => {
    const sids = async (settings: Record<string, string>): Promise<(string | undefined)[]> => {
      const { one } = await planned("default", { ...settings, encryption: "kms" });
      return statements(JSON.parse(String(one("aws:kms/key:Key").inputs["policy"]))).map(({ Sid }) => Sid);
    };

    expect(await sids(ON)).to.include.members(["RunScans", "DeliverScanLogs"]);
    expect(await sids({}))
      .to.not.include("RunScans")
      .and.to.not.include("DeliverScanLogs");
  });

  it("runs in the isolated network, with an endpoint through which it can only answer tasks", async () => {
    const stack = await planned("default", { ...ON, network: "isolated" });
    const request = { principal: "-recorder-role", action: "states:SendTaskSuccess", through: "-default-states" };

    expect(stack.one(FUNCTION, "-scan-function").inputs["vpcConfig"]).to.deep.equal(
      stack.one(FUNCTION, "-tools-function").inputs["vpcConfig"],
    );
    expect(await isAllowed(stack, { ...request, resource: "*" })).to.equal(true);
    expect(await isAllowed(stack, { ...request, principal: "-tools-role", resource: "*" })).to.equal(false);
    expect(
      await isAllowed(stack, {
        ...request,
        principal: "owner",
        action: "states:StartExecution",
        resource: MACHINE_ARN,
      }),
    ).to.equal(false);
  });

  it("keeps shards for 30 days, and only where there are scans", async () => {
    const rules = async (settings: Record<string, string>): Promise<string> => {
      const { one } = await planned("default", settings);
      const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
      return JSON.stringify(one(type, "-data-lifecycle").inputs["rules"]);
    };

    expect(await rules(ON)).to.include('"filter":{"prefix":"scans/"}');
    expect(await rules({})).to.not.include("scans/");
  });

  it("has an alarm that says what to do, and graphs on the dashboard", async () => {
    const { one } = await planned("default", ON);

    const alarm = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-scan-failed").inputs;

    expect(alarm["alarmDescription"]).to.include("start the scan again");
    expect(alarm).to.deep.include({
      namespace: "AWS/States",
      metricName: "ExecutionsFailed",
      dimensions: { StateMachineArn: MACHINE_ARN },
    });
    expect(String(one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])).to.include(MACHINE_ARN);
  });
});
