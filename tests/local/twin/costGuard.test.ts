import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
} from "@aws-sdk/client-application-auto-scaling";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { ListTopicsCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { brakeFunctionOf, callBrake } from "../../../commands/vep/brake.js";
import { UsageError } from "../../../commands/command.js";
import { startTwin, type Twin } from "../../../local/twin/start.js";
import { budgetMessage } from "../../support/budgetMessage.js";
import { fakeModel } from "./support/fakeModel.js";
import { MODEL_DIR, prepareCheckpoint } from "./support/sharedTwin.js";
import { refusalOf, ToolCalls } from "./support/toolCalls.js";
import { rejection, until } from "./support/until.js";

const PROTEIN = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRG";

/** A second model version, which keeps an instance. */
const VERSION = { name: "v2", modelId: "chandar-lab/AMPLIFY_120M", minCapacity: 1, maxCapacity: 2 };

describe("the brake of the budget on the twin", () => {
  let twin: Twin;
  let tools: ToolCalls;
  let lambda: LambdaClient;
  let next = 0;
  let scaling: ApplicationAutoScalingClient;

  before(async () => {
    prepareCheckpoint();
    twin = await startTwin({
      modelDir: MODEL_DIR,
      models: { [VERSION.modelId]: MODEL_DIR },
      config: { monthlyBudgetUsd: "200", minCapacity: "1", maxCapacity: "4", models: JSON.stringify([VERSION]) },
      launch: () => fakeModel((response) => response.end("{}")),
    });
    tools = new ToolCalls(twin);
    lambda = new LambdaClient(twin.clientConfig);
    scaling = new ApplicationAutoScalingClient(twin.clientConfig);
  });

  after(() => twin.stop());

  const brake = (): string => brakeFunctionOf(String(twin.outputs["lambdaFunctionName"]));
  const resourceId = (): string => `endpoint/${String(twin.outputs["endpointName"])}/variant/AllTraffic`;
  const ofVersion = (): string => resourceId().replace("-endpoint/variant", "-model-v2-endpoint/variant");
  /** Submits a protein that was never submitted before. */
  const submit = () => tools.call({ tool_name: "invoke_endpoint", sequence: `${PROTEIN}${"A".repeat(next++)}` });

  async function limits(id = resourceId()): Promise<unknown> {
    const { ScalableTargets: [target] = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "sagemaker", ResourceIds: [id] }),
    );
    return [target?.MinCapacity, target?.MaxCapacity, target?.SuspendedState?.ScheduledScalingSuspended];
  }

  it("begins with the capacities of the program, and takes jobs", async () => {
    expect(await limits()).to.deep.equal([1, 4, false]);
    expect(await limits(ofVersion())).to.deep.equal([1, 2, false]);
    expect(await submit()).to.include({ success: true });
  });

  it("is pulled by the message that AWS Budgets publishes, and released by hand", async () => {
    const sns = new SNSClient(twin.clientConfig);
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    const topic = Topics.map(({ TopicArn = "" }) => TopicArn).find((arn) => arn.includes("-brake-topic"));
    const budget = `${String(twin.outputs["resourcePrefix"])}-budget`;
    await sns.send(new PublishCommand({ TopicArn: topic, Message: budgetMessage(budget) }));

    await until("the brake", async () => ((await callBrake(lambda, brake(), "show")).on ? true : undefined));
    for (const id of [resourceId(), ofVersion()]) {
      await until("the limits of the brake", async () => (String(await limits(id)) === "0,0,true" ? true : undefined));
    }
    expect(twin.endpoints.map(({ load }) => load.ready)).to.deep.equal([0, 0]);
    const refused = await until("the refusal of a new job", async () => {
      const answer = await submit();
      return answer.success ? undefined : refusalOf(answer);
    });
    expect(refused.error_code).to.equal("BUDGET_EXCEEDED");

    expect(await callBrake(lambda, brake(), "release")).to.include({ on: false, min_capacity: 1, max_capacity: 4 });
    expect(await limits()).to.deep.equal([1, 4, false]);
    expect(await limits(ofVersion())).to.deep.equal([1, 2, false]);
    await until("the instance", () => Promise.resolve(twin.endpoints[0]?.load.ready === 1 ? true : undefined));
    await until("a job that is taken", async () => ((await submit()).success ? true : undefined));
  });

  const refusals: readonly [string, Partial<RegisterScalableTargetCommandInput>][] = [
    ["a minimum above the maximum", { MinCapacity: 3, MaxCapacity: 2 }],
    ["a negative minimum", { MinCapacity: -1, MaxCapacity: 2 }],
    ["another dimension", { ScalableDimension: "ecs:service:DesiredCount" }],
    ["another service", { ServiceNamespace: "ecs" }],
    ["an endpoint that does not exist", { ResourceId: "endpoint/none/variant/AllTraffic" }],
    ["a variant that does not exist", { ResourceId: "endpoint/ENDPOINT/variant/B" }],
    ["an id of another form", { ResourceId: "endpoint/x" }],
  ];
  for (const [what, changes] of refusals) {
    it(`refuses ${what}, as Application Auto Scaling does`, async () => {
      const endpoint = String(twin.outputs["endpointName"]);
      const input: RegisterScalableTargetCommandInput = {
        ServiceNamespace: "sagemaker",
        ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
        MinCapacity: 0,
        MaxCapacity: 1,
        ...changes,
        ResourceId: changes.ResourceId?.replace("ENDPOINT", endpoint) ?? resourceId(),
      };
      expect((await rejection(scaling.send(new RegisterScalableTargetCommand(input)))).name).to.equal(
        "ValidationException",
      );
      expect(await limits()).to.deep.equal([1, 4, false]);
    });
  }

  it("changes only what a request names", async () => {
    const target = {
      ServiceNamespace: "sagemaker",
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      ResourceId: resourceId(),
    } as const;
    await scaling.send(new RegisterScalableTargetCommand({ ...target, MaxCapacity: 3 }));
    expect(await limits()).to.deep.equal([1, 3, false]);
    await callBrake(lambda, brake(), "apply");
    expect(await limits()).to.deep.equal([1, 4, false]);
  });

  it("is not there without a budget, and vep brake says so", async () => {
    const failure = await rejection(callBrake(lambda, brakeFunctionOf("plain-async-endpoint-lambda"), "show"));

    expect(failure).to.be.instanceOf(UsageError);
    expect(failure.message).to.include("monthlyBudgetUsd");
  });
});
