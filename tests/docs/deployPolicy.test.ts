import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { expect } from "chai";
import { statementsOf } from "../../policy/documents.js";
import { planned } from "../policy/support/examples.js";
import { authorizationsOf, ec2, KEY, type Authorization } from "./support/deploymentCalls.js";

const ACCOUNT = "123456789012";
const VALUES: Readonly<Record<string, string>> = {
  ACCOUNT,
  BOUNDARY: "deploy-boundary",
  DATABASE: "protein_agent_default_results",
  PREFIX: "protein-agent-default",
  PROJECT_NAME: "protein-agent",
  STACK_NAME: "default",
  VPC_ID: "vpc-01234567",
};
const TAGS = { Project: "protein-agent", Stack: "default" };
const INTERFACE = ec2("network-interface");

/** A policy as the guide fills it in. */
function filled(name: string): string {
  const text = readFileSync(`examples/deploy-from-ci/${name}.json`, "utf8");
  return text.replace(
    /\b(?:ACCOUNT|BOUNDARY|DATABASE|PREFIX|PROJECT_NAME|STACK_NAME|VPC_ID)\b/g,
    (word) => VALUES[word] ?? word,
  );
}

async function mayDeployer(
  action: string,
  resource: string,
  contextVariables: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const request = {
    principal: `arn:aws:iam::${ACCOUNT}:role/amplify-vep-deploy`,
    action,
    resource: { resource, accountId: ACCOUNT },
    contextVariables: { ...contextVariables },
  };
  const keyPolicy = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  const result = await runSimulation(
    {
      request,
      identityPolicies: [{ name: "deploy", policy: JSON.parse(filled("deploy-policy")) as unknown }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resource === KEY ? { resourcePolicy: { Version: "2012-10-17", Statement: [keyPolicy] } } : {}),
    },
    {},
  );
  if (result.resultType === "error") throw new Error(JSON.stringify(result.errors));
  return result.overallResult === "Allowed";
}

/** Condition keys for tags in the request, or on the resource. */
function tags(where: "Request" | "Resource", values: Readonly<Record<string, string>> = TAGS): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`aws:${where}Tag/${key}`, value]));
}

function contextOf({ tagged, context }: Authorization): Record<string, string> {
  return { ...tags(tagged === "new" ? "Request" : "Resource"), ...context };
}

describe("the policy of the deploying role", () => {
  it("allows every call for the network and the key: to create, change and delete them", async () => {
    const calls = authorizationsOf((await planned("isolated")).subjects);

    const answers = await Promise.all(
      calls.map(async (call) => ({ call, allowed: await mayDeployer(call.action, call.resource, contextOf(call)) })),
    );

    expect(calls.length).to.be.greaterThan(40);
    expect(answers.filter(({ allowed }) => !allowed).map(({ call }) => call)).to.deep.equal([]);
  });

  it("allows none of them on a resource without the tags, or with those of another stack", async () => {
    const calls = authorizationsOf((await planned("isolated")).subjects);
    const others = [{}, { Project: TAGS.Project }, { ...TAGS, Stack: "prod" }, { ...TAGS, Project: "another" }];

    const answers = await Promise.all(
      calls.flatMap((call) =>
        others.map(async (values) => {
          const context = { ...tags(call.tagged === "new" ? "Request" : "Resource", values), ...call.context };
          return { call, values, allowed: await mayDeployer(call.action, call.resource, context) };
        }),
      ),
    );

    expect(answers.filter(({ allowed }) => allowed)).to.deep.equal([]);
  });

  it("covers the names of all other resources", async () => {
    const own = statementsOf(filled("deploy-policy")).find(({ label }) => label === "OwnNames");
    const patterns = (own?.resources ?? []).map((resource) => new RegExp(`^${resource.replaceAll("*", ".*")}$`));
    const stacks = [await planned("isolated"), await planned("versioned")];
    const subjects = stacks.flatMap((stack) => stack.subjects);

    const arns = subjects.flatMap(({ props }) => [props["arn"], props["dashboardArn"]].map(String));
    const named = arns.filter((arn) => /^arn:/.test(arn) && !/:(?:ec2|iam|kms|autoscaling):/.test(arn));

    expect(named.length).to.be.greaterThan(10);
    expect(named.filter((arn) => !patterns.some((pattern) => pattern.test(arn)))).to.deep.equal([]);
  });

  const alarm = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm`;
  const logs = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/vpc`;
  const role = `arn:aws:iam::${ACCOUNT}:role/protein-agent-default-flow-logs-role-0a1b2c3`;
  const buildRole = `arn:aws:iam::${ACCOUNT}:role/protein-agent-default-model-v2-image-build-role-0a1b2c3`;
  const lambda = (name: string) => ({ "lambda:FunctionArn": `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}` });
  const kinesis = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream`;
  const states = `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine`;
  const scheduler = `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule`;
  const glue = `arn:aws:glue:us-east-1:${ACCOUNT}`;
  const workgroup = `arn:aws:athena:us-east-1:${ACCOUNT}:workgroup`;
  const apis = "arn:aws:apigateway:us-east-1::/restapis";
  const pool = `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/us-east-1_abc`;
  const agents = `arn:aws:bedrock-agentcore:us-east-1:${ACCOUNT}:gateway`;
  const vpc = (id: string) => ({ "ec2:Vpc": `arn:aws:ec2:us-east-1:${ACCOUNT}:vpc/${id}` });
  for (const [action, resource, context, expected] of [
    ["cloudwatch:DescribeAlarms", `${alarm}:*`, {}, true],
    ["cloudwatch:PutMetricAlarm", `${alarm}:protein-agent-default-x`, {}, true],
    ["cloudwatch:PutMetricAlarm", `${alarm}:another`, {}, false],
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html: scoped to *
    ["cloudwatch:PutCompositeAlarm", `${alarm}:*`, {}, true],
    ["cloudwatch:DeleteAlarms", `${alarm}:protein-agent-default-pager`, {}, true],
    ["cloudwatch:DeleteAlarms", `${alarm}:another`, {}, false],
    ["budgets:ModifyBudget", `arn:aws:budgets::${ACCOUNT}:budget/protein-agent-default-budget`, {}, true],
    ["budgets:ModifyBudget", `arn:aws:budgets::${ACCOUNT}:budget/another`, {}, false],
    ["logs:PutQueryDefinition", "*", {}, true],
    ["logs:PutResourcePolicy", "*", {}, false],
    ["ec2:DescribeNetworkInterfaces", "*", {}, true],
    ["ec2:DescribeVpcEndpointServices", "*", {}, true],
    ["ec2:DeleteNetworkInterface", INTERFACE, vpc("vpc-01234567"), true],
    ["ec2:DetachNetworkInterface", INTERFACE, vpc("vpc-01234567"), true],
    ["ec2:DeleteNetworkInterface", INTERFACE, vpc("vpc-12345678"), false],
    ["ec2:DetachNetworkInterface", INTERFACE, {}, false],
    ["ec2:CreateInternetGateway", ec2("internet-gateway"), tags("Request"), false],
    ["ec2:RunInstances", ec2("instance"), tags("Request"), false],
    ["ec2:CreateTags", ec2("security-group"), { ...tags("Request"), ...tags("Resource", { Project: "other" }) }, false],
    ["ec2:CreateTags", ec2("subnet"), tags("Request"), false],
    ["ec2:CreateTags", ec2("instance"), { ...tags("Request"), "ec2:CreateAction": "RunInstances" }, false],
    ["kms:TagResource", KEY, { ...tags("Request"), ...tags("Resource", { Project: "other" }) }, false],
    ["kms:CreateAlias", `arn:aws:kms:us-east-1:${ACCOUNT}:alias/protein-agent-default`, {}, false],
    ["logs:CreateLogGroup", `${logs}/protein-agent-default-flow-logs`, {}, true],
    ["logs:CreateLogGroup", `${logs}/another-flow-logs`, {}, false],
    ["lambda:CreateEventSourceMapping", "*", lambda("protein-agent-default-results"), true],
    ["lambda:CreateEventSourceMapping", "*", lambda("another"), false],
    ["kinesis:CreateStream", `${kinesis}/protein-agent-default-submissions`, {}, true],
    ["kinesis:DeleteStream", `${kinesis}/another`, {}, false],
    ["glue:CreateTable", `${glue}:table/protein_agent_default_results/jobs`, {}, true],
    ["glue:CreateTable", `${glue}:database/protein_agent_default_results`, {}, true],
    ["glue:CreateTable", `${glue}:catalog`, {}, true],
    ["glue:DeleteDatabase", `${glue}:database/another_results`, {}, false],
    ["athena:CreateWorkGroup", `${workgroup}/protein-agent-default-results`, {}, true],
    ["athena:DeleteWorkGroup", `${workgroup}/primary`, {}, false],
    ["apigateway:POST", apis, tags("Request"), true],
    ["apigateway:POST", apis, {}, false],
    ["apigateway:PATCH", `${apis}/abc`, tags("Resource"), true],
    ["apigateway:PATCH", `${apis}/abc`, tags("Resource", { Project: "other" }), false],
    ["apigateway:GET", "arn:aws:apigateway:us-east-1::/apikeys/abc", {}, false],
    ["cognito-idp:CreateUserPool", "*", tags("Request"), true],
    ["cognito-idp:CreateUserPoolClient", pool, tags("Resource"), true],
    ["cognito-idp:DeleteUserPool", pool, {}, false],
    ["bedrock-agentcore:CreateGateway", "*", tags("Request"), true],
    ["bedrock-agentcore:CreateGateway", "*", {}, false],
    ["bedrock-agentcore:DeleteGateway", `${agents}/protein-agent-default-agents-abc`, {}, true],
    ["bedrock-agentcore:DeleteGateway", `${agents}/another-abc`, {}, false],
    ["logs:CreateLogGroup", `${logs.replace("vpc", "apigateway")}/protein-agent-default-api`, {}, true],
    ["ssm:PutParameter", `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/protein-agent-default/models/active`, {}, true],
    ["ssm:PutParameter", `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/another/models/active`, {}, false],
    ["iam:PassRole", buildRole, { "iam:PassedToService": "codebuild.amazonaws.com" }, true],
    ["iam:PassRole", role, { "iam:PassedToService": "vpc-flow-logs.amazonaws.com" }, true],
    ["states:CreateStateMachine", `${states}:protein-agent-default-scan`, {}, true],
    ["states:DeleteStateMachine", `${states}:another`, {}, false],
    ["scheduler:CreateSchedule", `${scheduler}/protein-agent-default-scan/protein-agent-default-scan`, {}, true],
    ["scheduler:CreateSchedule", `${scheduler}/default/another`, {}, false],
    ["iam:PassRole", role, { "iam:PassedToService": "states.amazonaws.com" }, true],
    ["iam:PassRole", role, { "iam:PassedToService": "ec2.amazonaws.com" }, false],
  ] as const) {
    it(`${expected ? "allows" : "denies"} ${action} on ${resource} ${JSON.stringify(context)}`, async () => {
      expect(await mayDeployer(action, resource, context)).to.equal(expected);
    });
  }

  it("fits into the inline policies of one role, with the policy of the state", () => {
    const characters = ["deploy-policy", "state-policy"].map((name) => filled(name).replace(/\s/g, "").length);

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(characters.reduce((sum, length) => sum + length)).to.be.lessThan(10_240);
  });
});
