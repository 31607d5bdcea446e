import { expect } from "chai";
import { isAllowed, isAssumable } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ROLE = "-flow-logs-role";
const SERVICE = "vpc-flow-logs.amazonaws.com";

const recorded = (overrides: Record<string, string> = {}): Promise<PlannedStack> =>
  planned("default", { network: "isolated", flowLogs: "true", ...overrides });

describe("Flow logs of the isolated network", () => {
  it("are off by default", async () => {
    const { resources } = await planned("default", { network: "isolated" });

    expect(resources.filter(({ name }) => name.includes("flow"))).to.deep.equal([]);
  });

  it("record all traffic of the VPC in a log group of the stack, with its retention and key", async () => {
    const { one } = await recorded({ encryption: "kms", logRetentionDays: "90" });

    const { inputs } = one(FLOW_LOG);
    const group = one(LOG_GROUP, "-flow-logs").inputs;

    expect(inputs).to.deep.include({
      trafficType: "ALL",
      logDestination: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/vpc/protein-agent-default-flow-logs`,
    });
    expect(inputs["vpcId"]).to.match(/^protein-agent-default-vpc-/);
    expect(group).to.include({ name: "/aws/vpc/protein-agent-default-flow-logs", retentionInDays: 90 });
    expect(group["kmsKeyId"]).to.be.a("string");
  });

  const logs = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group`;
  const own = `${logs}:/aws/vpc/protein-agent-default-flow-logs`;
  for (const [action, resource, expected] of [
    ["logs:CreateLogStream", `${own}:log-stream:eni-1-all`, true],
    ["logs:PutLogEvents", `${own}:log-stream:eni-1-all`, true],
    ["logs:DescribeLogStreams", own, true],
    ["logs:DescribeLogGroups", "*", true],
    ["logs:CreateLogGroup", own, false],
    ["logs:PutLogEvents", `${logs}:/aws/lambda/protein-agent-default-async-endpoint-lambda:log-stream:one`, false],
    ["logs:DescribeLogStreams", `${logs}:/aws/vpc/another-flow-logs`, false],
    ["logs:GetLogEvents", `${own}:log-stream:eni-1-all`, false],
  ] as const) {
    it(`${expected ? "let" : "do not let"} their role ${action} on ${resource}`, async () => {
      expect(await isAllowed(await recorded(), { principal: ROLE, action, resource })).to.equal(expected);
    });
  }

  for (const [service, sourceAccount, sourceArn, expected] of [
    [SERVICE, ACCOUNT, `arn:aws:ec2:${REGION}:${ACCOUNT}:vpc-flow-log/fl-01234567`, true],
    [SERVICE, "999999999999", `arn:aws:ec2:${REGION}:999999999999:vpc-flow-log/fl-01234567`, false],
    ["ec2.amazonaws.com", ACCOUNT, `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-01234567`, false],
  ] as const) {
    it(`${expected ? "let" : "do not let"} ${service} of ${sourceAccount} assume it for ${sourceArn}`, async () => {
      const request = { role: ROLE, service, sourceAccount, sourceArn };

      expect(await isAssumable(await recorded(), request)).to.equal(expected);
    });
  }
});
