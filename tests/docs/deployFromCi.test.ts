import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { z } from "zod";
import { statementsOf } from "../../policy/documents.js";
import { EXAMPLE_STACKS, planned } from "../policy/support/examples.js";

const example = (name: string): string => readFileSync(`examples/deploy-from-ci/${name}`, "utf8");

const workflow = z.object({
  permissions: z.object({ "id-token": z.literal("write"), contents: z.literal("read") }),
  jobs: z.record(z.string(), z.object({ steps: z.array(z.looseObject({ run: z.string().optional() })) })),
});

/** IAM's name of a service where it is not that of the provider's module. */
const SERVICES: Readonly<Record<string, string>> = {
  appautoscaling: "application-autoscaling",
  bedrock: "bedrock-agentcore",
  cognito: "cognito-idp",
  sfn: "states",
  vpc: "ec2",
  "cloudwatch/logGroup": "logs",
};

function serviceOf(type: string): string {
  const [, path = ""] = /^aws:([^:]+):/.exec(type) ?? [];
  const [module = ""] = path.split("/");
  return SERVICES[path] ?? SERVICES[module] ?? module;
}

describe("the guide to deployment from CI", () => {
  const policies = [
    "trust.json",
    "preview-policy.json",
    "state-policy.json",
    "jobs-policy.json",
    "deploy-policy.json",
  ].map((name) => statementsOf(example(name)));
  const deploying = policies.at(-1) ?? [];

  it("shows policies that can be read, none of which allows everything", () => {
    const everything = policies.flat().filter(({ actions, notActions }) => actions.includes("*") || notActions);
    expect(everything).to.deep.equal([]);
  });

  it("lets the deploying role make every kind of resource of the example stacks", async () => {
    const stacks = await Promise.all(EXAMPLE_STACKS.map(planned));
    const types = stacks.flatMap(({ subjects }) => subjects.map(({ type }) => type));
    const needed = new Set(types.filter((type) => type.startsWith("aws:")).map(serviceOf));

    const making = deploying
      .flatMap(({ actions }) => actions)
      .filter((action) => !/:(?:Describe|Get|List)/.test(action));
    const granted = new Set(making.map((action) => action.split(":")[0] ?? ""));

    expect([...needed].filter((service) => !granted.has(service))).to.deep.equal([]);
  });

  it("gives no role more rights than its boundary, nor to other services", () => {
    const making = deploying.filter(({ actions }) => actions.some((action) => /^iam:(Create|Put)Role/.test(action)));
    const passing = deploying.filter(({ actions }) => actions.includes("iam:PassRole"));

    expect(making.map(({ conditions }) => conditions.map(({ key }) => key))).to.deep.equal([
      ["iam:permissionsboundary"],
    ]);
    expect(passing.map(({ conditions }) => conditions.map(({ key, values }) => [key, ...values]))).to.deep.equal([
      [
        [
          "iam:passedtoservice",
          "bedrock-agentcore.amazonaws.com",
          "lambda.amazonaws.com",
          "sagemaker.amazonaws.com",
          "scheduler.amazonaws.com",
          "states.amazonaws.com",
          "vpc-flow-logs.amazonaws.com",
        ],
      ],
      [["iam:passedtoservice", "codebuild.amazonaws.com"]],
    ]);
  });

  it("shows a workflow that runs commands of this project, non-interactive and under the policy pack", () => {
    const scripts = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync("package.json", "utf8")));
    const commands = Object.values(workflow.parse(parse(example("deploy.yml"))).jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    const named = commands.flatMap((command) => /npm run (?:--silent )?(\w+)/.exec(command)?.[1] ?? []);
    const pulumi = commands.filter((command) => command.startsWith("pulumi "));

    expect(named).to.have.members(["plan", "preflight"]);
    expect(Object.keys(scripts.scripts)).to.include.members(named);
    expect(pulumi).to.have.lengthOf(2);
    for (const command of pulumi) expect(command).to.match(/--non-interactive .*--policy-pack policy/);
  });
});
