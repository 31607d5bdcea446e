import { expect } from "chai";
import { budgetServices } from "../../../components/operations/budgetServices.js";
import { isAllowed, isAssumable } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const ON = { monthlyBudgetUsd: "200", alarmEmail: "lab@example.org", encryption: "kms", brakeCapacity: "1" };
const ROLE = "-brake-role";
const TARGET = `arn:aws:application-autoscaling:${REGION}:${ACCOUNT}:scalable-target/0123`;
const TAGGED = {
  "application-autoscaling:service-namespace": "sagemaker",
  "aws:ResourceTag/Project": "protein-agent",
  "aws:ResourceTag/Stack": "default",
};

const tableArn = ({ outputs }: PlannedStack): string =>
  `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(outputs["jobTableName"])}`;

describe("CostGuard", () => {
  it("is not there by default: no resource, no variable, no right, and nobody else publishes", async () => {
    const { all, one, resources } = await planned("default", { encryption: "kms" });

    expect(resources.filter(({ type }) => /budgets|invocation/.test(type))).to.deep.equal([]);
    expect(resources.filter(({ name }) => name.includes("-brake"))).to.deep.equal([]);
    for (const { inputs } of all("aws:lambda/function:Function")) {
      expect(inputs).to.not.have.nested.property("environment.variables.COST_GUARD");
    }
    expect(JSON.stringify(one("aws:sns/topicPolicy:TopicPolicy", "-alarms-policy").inputs)).to.not.include("budgets");
    expect(String(one("aws:kms/key:Key").inputs["policy"])).to.not.include("budgets");
  });

  it("has a budget over the services of the stack, with alerts at 80 % and 100 %", async () => {
    const stack = await planned("default", ON);
    const { inputs } = stack.one("aws:budgets/budget:Budget");
    const alarms = String(stack.one("aws:cloudwatch/compositeAlarm:CompositeAlarm").inputs["alarmActions"]);
    const brake = String(
      stack.one("aws:sns/topicSubscription:TopicSubscription", "-brake-subscription").inputs["topic"],
    );

    expect(inputs).to.deep.include({
      name: "protein-agent-default-budget",
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "200",
      limitUnit: "USD",
    });
    expect(inputs["costFilters"]).to.have.nested.property("[0].values").that.includes("Amazon SageMaker");
    const alert = { comparisonOperator: "GREATER_THAN", thresholdType: "PERCENTAGE" };
    expect(inputs["notifications"]).to.deep.equal([
      { ...alert, notificationType: "ACTUAL", threshold: 80, subscriberSnsTopicArns: [alarms] },
      { ...alert, notificationType: "FORECASTED", threshold: 100, subscriberSnsTopicArns: [alarms] },
      {
        ...alert,
        notificationType: "ACTUAL",
        threshold: 100,
        subscriberSnsTopicArns: [brake],
        subscriberEmailAddresses: ["lab@example.org"],
      },
    ]);
    expect(brake).to.not.equal(alarms);
  });

  it("names the services of each capability once", () => {
    const nothing = {
      resultsCatalog: false,
      stream: false,
      scan: false,
      evidence: false,
      api: false,
      agentGateway: false,
      network: "none",
      encryption: "sse-s3",
      imageBuild: "local",
    } as const;
    const names = budgetServices({ ...nothing, api: true, agentGateway: true, network: "isolated" });

    expect(budgetServices(nothing)).to.not.include("Amazon Cognito");
    expect(names).to.include.members(["Amazon API Gateway", "Amazon Cognito", "Amazon Virtual Private Cloud"]);
    expect(new Set(names).size).to.equal(names.length);
  });

  it("lets AWS Budgets of this account publish to both topics and use the key, and nobody else", async () => {
    const stack = await planned("default", ON);
    const topics = ["-alarms-policy", "-brake-topic-policy"].map((end) =>
      String(stack.one("aws:sns/topicPolicy:TopicPolicy", end).inputs["arn"]),
    );
    const own = { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": `arn:aws:budgets::${ACCOUNT}:budget/x` };
    const foreign = { "aws:SourceAccount": "999999999999", "aws:SourceArn": "arn:aws:budgets::999999999999:budget/x" };
    const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/k`;
    const may = (principal: string, action: string, resource: string, context: Record<string, string>) =>
      isAllowed(stack, { principal, action, resource, context });

    for (const topic of topics) {
      expect(await may("budgets.amazonaws.com", "sns:Publish", topic, own)).to.equal(true);
      expect(await may("budgets.amazonaws.com", "sns:Publish", topic, foreign)).to.equal(false);
      expect(await may("s3.amazonaws.com", "sns:Publish", topic, own)).to.equal(false);
    }
    for (const action of ["kms:Decrypt", "kms:GenerateDataKey"]) {
      expect(await may("budgets.amazonaws.com", action, key, own)).to.equal(true);
      expect(await may("budgets.amazonaws.com", action, key, foreign)).to.equal(false);
    }
    const alarm = {
      "aws:SourceAccount": ACCOUNT,
      "aws:SourceArn": `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:protein-agent-default-x`,
    };
    expect(await may("cloudwatch.amazonaws.com", "sns:Publish", topics[1] ?? "", alarm)).to.equal(false);
  });

  it("may limit the instances of its own endpoint and keep its own item, and nothing else", async () => {
    const stack = await planned("default", ON);
    const endpoint = String(stack.outputs["endpointArn"]);
    const item = { "dynamodb:LeadingKeys": "brake" };
    const may = (action: string, resource: string, context: Record<string, string> = {}) =>
      isAllowed(stack, { principal: ROLE, action, resource, context });

    expect(await may("application-autoscaling:RegisterScalableTarget", TARGET, TAGGED)).to.equal(true);
    expect(await may("application-autoscaling:DescribeScalableTargets", "*")).to.equal(true);
    expect(await may("sagemaker:UpdateEndpointWeightsAndCapacities", endpoint)).to.equal(true);
    for (const action of ["dynamodb:GetItem", "dynamodb:PutItem"]) {
      expect(await may(action, tableArn(stack), item)).to.equal(true);
      expect(await may(action, tableArn(stack), { "dynamodb:LeadingKeys": "some-job" })).to.equal(false);
    }

    const other = { ...TAGGED, "aws:ResourceTag/Stack": "prod" };
    expect(await may("application-autoscaling:RegisterScalableTarget", TARGET, other)).to.equal(false);
    const ecs = { ...TAGGED, "application-autoscaling:service-namespace": "ecs" };
    expect(await may("application-autoscaling:RegisterScalableTarget", TARGET, ecs)).to.equal(false);
    expect(await may("application-autoscaling:DeregisterScalableTarget", TARGET, TAGGED)).to.equal(false);
    expect(await may("application-autoscaling:PutScalingPolicy", TARGET, TAGGED)).to.equal(false);
    expect(await may("dynamodb:DeleteItem", tableArn(stack), item)).to.equal(false);
    expect(await may("sagemaker:DeleteEndpoint", endpoint)).to.equal(false);
    expect(await may("sagemaker:UpdateEndpointWeightsAndCapacities", `${endpoint}-2`)).to.equal(false);
    expect(await may("s3:GetObject", `${String(stack.outputs["s3BucketArn"])}/uploads/x`)).to.equal(false);
    expect(await may("sns:Publish", `arn:aws:sns:${REGION}:${ACCOUNT}:x`)).to.equal(false);
  });

  it("is assumed by its own function alone", async () => {
    const stack = await planned("default", ON);
    const of = (name: string) => ({
      role: ROLE,
      service: "lambda.amazonaws.com",
      sourceAccount: ACCOUNT,
      sourceArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
    });

    expect(await isAssumable(stack, of("protein-agent-default-brake"))).to.equal(true);
    expect(await isAssumable(stack, of("other"))).to.equal(false);
  });

  it("gives its function the capacities, and lets it apply them whenever they change", async () => {
    const stack = await planned("default", { ...ON, maxCapacity: "3" });
    const invocation = stack.one("aws:lambda/invocation:Invocation").inputs;

    expect(stack.one("aws:lambda/function:Function", "-brake-function").inputs["environment"]).to.deep.include({
      variables: {
        JOB_TABLE_NAME: stack.outputs["jobTableName"],
        SCALABLE_RESOURCE_ID: "endpoint/protein-agent-default-endpoint/variant/AllTraffic",
        BUDGET_NAME: "protein-agent-default-budget",
        MIN_CAPACITY: "1",
        MAX_CAPACITY: "3",
        BRAKE_CAPACITY: "1",
      },
    });
    // An `up`, with or without a refresh, does not release the brake.
    expect(stack.one("aws:appautoscaling/target:Target").options).to.deep.include({
      ignoreChanges: ["minCapacity", "maxCapacity"],
    });
    expect(
      (await planned("default", { encryption: "kms" })).one("aws:appautoscaling/target:Target").options,
    ).to.deep.include({
      ignoreChanges: [],
    });
    expect(invocation["input"]).to.equal('{"action":"apply"}');
    expect(invocation["triggers"]).to.include({ minCapacity: "1", maxCapacity: "3", brakeCapacity: "1" });
  });

  describe("with model versions", () => {
    const models = JSON.stringify([
      { name: "v2", modelId: "chandar-lab/AMPLIFY_120M", minCapacity: 1, maxCapacity: 3 },
      { name: "v3", modelId: "chandar-lab/AMPLIFY_120M" },
    ]);
    const target = (name: string): string => `endpoint/protein-agent-default-model-${name}-endpoint/variant/AllTraffic`;

    it("may change the instances of the endpoint of each version, and of no other", async () => {
      const stack = await planned("default", { ...ON, models });
      const endpoints = stack.all("aws:sagemaker/endpoint:Endpoint").map(({ inputs }) => String(inputs["name"]));
      const may = (endpoint: string) =>
        isAllowed(stack, {
          principal: ROLE,
          action: "sagemaker:UpdateEndpointWeightsAndCapacities",
          resource: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/${endpoint}`,
        });

      expect(endpoints).to.have.length(3);
      for (const endpoint of endpoints) expect(await may(endpoint), endpoint).to.equal(true);
      expect(await may("protein-agent-default-model-v4-endpoint")).to.equal(false);
      for (const { inputs } of stack.all("aws:appautoscaling/target:Target")) {
        expect(inputs["tags"]).to.include({ Project: "protein-agent", Stack: "default" });
      }
    });

    it("has the capacities of each, and applies them when one changes or is registered", async () => {
      const { one } = await planned("default", { ...ON, models });
      const environment = one("aws:lambda/function:Function", "-brake-function").inputs["environment"];
      const { variables } = environment as { readonly variables: Record<string, string> };
      const triggers = one("aws:lambda/invocation:Invocation").inputs["triggers"] as Record<string, string>;

      expect(JSON.parse(variables["BRAKE_VERSIONS"] ?? "")).to.deep.equal([
        { name: "v2", resourceId: target("v2"), min: 1, max: 3 },
        { name: "v3", resourceId: target("v3"), min: 0, max: 2 },
      ]);
      expect(triggers["versions"]).to.include('"max":3');
      expect(triggers["registeredId"]?.split(" ")).to.include.members([target("v2"), target("v3")]);
    });
  });

  it("tells every function that submits jobs to ask for the brake", async () => {
    const stack = await planned("default", {
      ...ON,
      stream: "true",
      fastaDrop: "true",
      scan: "true",
      resultsCatalog: "true",
    });

    const asking = stack
      .all("aws:lambda/function:Function")
      .filter(({ inputs }) => "ENDPOINT_NAME" in (inputs["environment"] as { variables: object }).variables);
    expect(asking.length).to.be.greaterThan(5);
    for (const { name, inputs } of asking) {
      expect(inputs, name).to.have.nested.property("environment.variables.COST_GUARD", "true");
    }
  });
});
