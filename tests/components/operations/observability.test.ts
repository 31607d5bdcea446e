import { expect } from "chai";
import { planned, statements } from "../../support/plannedStack.js";
import { tellingAlarms, withVersions } from "./support/everything.js";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

describe("Observability", () => {
  it("tells of an alarm once: through the pager, or by itself", async () => {
    const { all, one, parentOf } = await planned();

    const alarms = all(ALARM).filter((alarm) => parentOf(alarm)?.type === "amplify-vep:index:Observability");
    const { inputs: page } = one("aws:cloudwatch/compositeAlarm:CompositeAlarm");

    const topic = [topicArn(one("aws:sns/topic:Topic", "-alarms").name, page["alarmActions"])];
    expect(alarms).to.have.length(19);
    expect(page["okActions"]).to.deep.equal(topic);
    for (const { name, inputs } of alarms) {
      const isPaged = new RegExp(`ALARM\\("${name}-[0-9a-f]{7}"\\)`).test(String(page["alarmRule"]));
      expect(inputs["alarmActions"], name).to.deep.equal(isPaged ? [] : topic);
      expect(inputs["okActions"], name).to.deep.equal(isPaged ? [] : topic);
      expect(inputs["tags"]).to.have.all.keys("Project", "Stack", "ManagedBy");
    }
    const itself = alarms.filter(({ inputs }) => (inputs["alarmActions"] as string[]).length > 0);
    expect(itself.map(({ name }) => name.replace("protein-agent-default-", ""))).to.have.members([
      "model-latency",
      "idle-gpu",
      "gpu-memory",
      "dead-letters",
    ]);
  });

  it("pages with the name of every alarm in the rule, and nothing else", async () => {
    const { one } = await planned();

    const rule = String(one("aws:cloudwatch/compositeAlarm:CompositeAlarm").inputs["alarmRule"]);

    for (const part of rule.split(" OR "))
      expect(part).to.match(/^ALARM\("protein-agent-default-[a-z-]+-[0-9a-f]{7}"\)$/);
    // The limit of CloudWatch.
    expect(rule.length).to.be.lessThan(10_240);
  });

  it("shows the state of every alarm on the dashboard, also of those that endpoints and the guard make", async () => {
    const stack = await withVersions();

    const { dashboardBody } = stack.one("aws:cloudwatch/dashboard:Dashboard", "default-dashboard").inputs;
    const { widgets } = JSON.parse(String(dashboardBody)) as { widgets: { properties: { alarms?: string[] } }[] };
    const shown = widgets.flatMap(({ properties: { alarms = [] } }) => alarms.map((arn) => arn.split(":alarm:")[1]));
    const names = tellingAlarms(stack).map(({ id, inputs }) => {
      const fixed = inputs["name"] ?? inputs["alarmName"];
      return typeof fixed === "string" ? fixed : `protein-agent-default-${id}`;
    });
    expect(shown.map((name = "") => name.replace(/-[0-9a-f]{7}$/, ""))).to.have.members(names);
    // The limit of CloudWatch.
    expect(shown.length).to.be.at.most(100);
  });

  it("saves queries over the logs of the stack", async () => {
    const { all } = await planned();

    const saved = all("aws:cloudwatch/queryDefinition:QueryDefinition").map(({ inputs }) => inputs);
    const groups = all("aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs["name"]);

    expect(saved.map(({ name }) => name)).to.have.members([
      "protein-agent-default/slowest-jobs",
      "protein-agent-default/failures-by-reason",
      "protein-agent-default/cold-starts",
      "protein-agent-default/model-starts",
    ]);
    for (const { logGroupNames } of saved) expect(groups).to.include.members(logGroupNames as string[]);
  });

  it("lets only the alarms of this stack publish", async () => {
    const { one } = await planned();

    const policy = statements(one("aws:sns/topicPolicy:TopicPolicy", "-alarms-policy").inputs["policy"]);

    expect(policy).to.have.length(1);
    expect(policy[0]).to.deep.include({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:protein-agent-default-*" },
      },
    });
  });

  it("subscribes the configured address, and none if there is none", async () => {
    const silent = await planned();
    const mailed = await planned("default", { alarmEmail: "lab@example.org" });

    const mails = silent.all(SUBSCRIPTION).filter(({ inputs }) => inputs["protocol"] === "email");
    expect(mails).to.deep.equal([]);
    expect(mailed.one(SUBSCRIPTION, "-alarms-email").inputs).to.deep.include({
      protocol: "email",
      endpoint: "lab@example.org",
    });
  });

  it("returns the address of the dashboard", async () => {
    const { outputs, one } = await planned();

    expect(one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardName"]).to.equal("protein-agent-default");
    expect(outputs["dashboardUrl"]).to.equal(
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/protein-agent-default",
    );
  });
});

/** The ARN of the alarm topic, as the actions of an alarm name it. */
function topicArn(name: string, actions: unknown): string {
  const [action = ""] = actions as string[];
  expect(action).to.match(new RegExp(`^arn:aws:sns:eu-west-1:123456789012:${name}-[0-9a-f]{7}$`));
  return action;
}
