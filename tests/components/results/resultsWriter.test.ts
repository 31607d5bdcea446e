import { expect } from "chai";
import { LONGEST_PREFIX } from "../../../components/config/names.js";
import { bundledFiles } from "../../../components/shared/bundledFiles.js";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const ON = { resultsCatalog: "true" };
const FUNCTION = "aws:lambda/function:Function";
const STORE = "-results-role";
const MERGE = "-merge-role";
const NAME = "day=2026-11-25/a.parquet";

/** Fills in the ARNs of a stack. */
function arnIn({ outputs, one }: PlannedStack, resource: string): string {
  return resource
    .replace("{bucket}", String(outputs["s3BucketArn"]))
    .replace("{table}", `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(outputs["jobTableName"])}`)
    .replace(
      "{stream}",
      String(one("aws:lambda/eventSourceMapping:EventSourceMapping", "-results-stream").inputs["eventSourceArn"]),
    );
}

describe("ResultsWriter", () => {
  it("reads what the ledger records as ended from the beginning of its stream, and retries single jobs", async () => {
    const { one } = await planned("default", ON);

    const { inputs } = one("aws:lambda/eventSourceMapping:EventSourceMapping", "-results-stream");

    expect(one("aws:dynamodb/table:Table").inputs).to.include({ streamEnabled: true, streamViewType: "NEW_IMAGE" });
    expect(inputs["eventSourceArn"]).to.match(/:table\/[^/]+\/stream\//);
    expect(inputs).to.deep.include({
      startingPosition: "TRIM_HORIZON",
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
    });
  });

  it("merges once an hour, called by this schedule only", async () => {
    const { one } = await planned("default", ON);

    expect(one("aws:cloudwatch/eventRule:EventRule", "-merge-schedule").inputs["scheduleExpression"]).to.equal(
      "rate(1 hour)",
    );
    expect(one("aws:lambda/permission:Permission", "-merge-permission").inputs).to.include({
      principal: "events.amazonaws.com",
      function: "protein-agent-default-results-merge",
    });
    expect(one("aws:lambda/permission:Permission", "-merge-permission").inputs["sourceArn"]).to.match(
      /:rule\/protein-agent-default-results-merge$/,
    );
  });

  it("runs functions that know their bucket and are traced", async () => {
    const { one, outputs } = await planned("default", ON);

    for (const name of ["-results-function", "-merge-function"]) {
      expect(one(FUNCTION, name).inputs).to.deep.include({
        tracingConfig: { mode: "Active" },
        environment: { variables: { BUCKET_NAME: outputs["s3BucketName"] } },
      });
    }
  });

  it("has names that fit with the longest prefix and the eight characters that Pulumi adds", async () => {
    const stack = await planned("default", { ...ON, projectName: "a".repeat(LONGEST_PREFIX - "-default".length) });

    const roles = stack.all("aws:iam/role:Role").map(({ name }) => `${name}-0a1b2c3`);
    const fixed = [...stack.all(FUNCTION), ...stack.all("aws:cloudwatch/eventRule:EventRule")];
    const names = [...roles, ...fixed.map(({ inputs }) => String(inputs["name"]))];
    expect(names.filter((name) => name.length > 64)).to.deep.equal([]);
  });

  for (const entry of ["append", "merge"]) {
    it(`bundles the function ${entry} under 2 MB`, async () => {
      const files = await bundledFiles(`lambda/results/${entry}/index.ts`);

      expect(files.get("index.js")?.length).to.be.within(10_000, 2_000_000);
    });
  }

  for (const [principal, action, resource, expected] of [
    [STORE, "dynamodb:GetRecords", "{stream}", true],
    [STORE, "dynamodb:GetItem", "{table}", false],
    [STORE, "dynamodb:UpdateItem", "{table}", false],
    [STORE, "s3:GetObject", "{bucket}/async-inference-output/a.out", true],
    [STORE, "s3:GetObject", "{bucket}/async-inference-input/a.json", false],
    [STORE, "s3:PutObject", `{bucket}/results/stage=new/${NAME}`, true],
    [STORE, "s3:PutObject", `{bucket}/jobs/stage=new/${NAME}`, true],
    [STORE, "s3:PutObject", `{bucket}/results/stage=merged/${NAME}`, false],
    [STORE, "s3:PutObject", "{bucket}/async-inference-output/a.out", false],
    [STORE, "s3:DeleteObject", `{bucket}/results/stage=new/${NAME}`, false],
    [MERGE, "s3:GetObject", `{bucket}/jobs/stage=new/${NAME}`, true],
    [MERGE, "s3:GetObject", "{bucket}/async-inference-output/a.out", false],
    [MERGE, "s3:PutObject", `{bucket}/results/stage=merged/${NAME}`, true],
    [MERGE, "s3:PutObject", `{bucket}/results/stage=new/${NAME}`, false],
    [MERGE, "s3:DeleteObject", `{bucket}/results/stage=new/${NAME}`, true],
    [MERGE, "s3:DeleteObject", `{bucket}/results/stage=merged/${NAME}`, false],
    [MERGE, "s3:DeleteObject", "{bucket}/async-inference-output/a.out", false],
    [MERGE, "dynamodb:GetRecords", "{stream}", false],
    ["-tools-role", "s3:PutObject", `{bucket}/results/stage=new/${NAME}`, false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} ${action} on ${resource}`, async () => {
      const stack = await planned("default", ON);

      expect(await isAllowed(stack, { principal, action, resource: arnIn(stack, resource) })).to.equal(expected);
    });
  }

  for (const [principal, prefix, expected] of [
    [STORE, "async-inference-output/a.out", true],
    [STORE, "uploads/", false],
    [MERGE, "results/stage=new/", true],
    [MERGE, "async-inference-output/", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} list ${prefix}`, async () => {
      const stack = await planned("default", ON);
      const resource = arnIn(stack, "{bucket}");
      const context = { "s3:prefix": prefix };

      expect(await isAllowed(stack, { principal, action: "s3:ListBucket", resource, context })).to.equal(expected);
    });
  }

  for (const [service, principal, expected] of [
    ["dynamodb", STORE, true],
    ["s3", STORE, true],
    ["s3", MERGE, true],
    ["sns", MERGE, false],
    ["s3", "owner", true],
    ["sns", "owner", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${principal} decrypt with the stack's key through ${service}`, async () => {
      const stack = await planned("default", { ...ON, encryption: "kms" });
      const { kmsKeyId: resource } = stack.one("aws:cloudwatch/logGroup:LogGroup", "-results-logs").inputs as {
        kmsKeyId: string;
      };
      const context = { "kms:ViaService": `${service}.${REGION}.amazonaws.com`, "kms:CallerAccount": ACCOUNT };

      expect(await isAllowed(stack, { principal, action: "kms:Decrypt", resource, context })).to.equal(expected);
    });
  }

  it("runs in the isolated network, whose VPC endpoint lets it delete what it merged", async () => {
    const stack = await planned("default", { ...ON, network: "isolated" });
    const tools = stack.one(FUNCTION, "-tools-function").inputs["vpcConfig"];
    const resource = arnIn(stack, `{bucket}/results/stage=new/${NAME}`);

    for (const name of ["-results-function", "-merge-function"]) {
      expect(stack.one(FUNCTION, name).inputs["vpcConfig"]).to.deep.equal(tools);
    }
    const request = { principal: MERGE, action: "s3:DeleteObject", resource, through: "-default-s3" };
    expect(await isAllowed(stack, request)).to.equal(true);
  });

  it("has alarms, and graphs on the dashboard", async () => {
    const { all, one } = await planned("default", ON);

    const alarms = all("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
    const { widgets } = JSON.parse(String(one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])) as {
      widgets: { properties: { title: string } }[];
    };

    expect(alarms.join()).to.include("-results-delay").and.to.include("-results-merge-errors");
    expect(widgets.map(({ properties }) => properties.title)).to.include.members([
      "Result store: calls",
      "Result store: delay (ms)",
      "Queries: bytes scanned",
    ]);
  });
});
