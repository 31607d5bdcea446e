import * as aws from "@pulumi/aws";
import { all, type ComponentResource, type Input } from "@pulumi/pulumi";
import { withRunbook } from "../shared/runbook.js";

/** Most alarms in the rule of a composite alarm, a limit of CloudWatch. */
const MOST_ALARMS = 100;

/**
 * The pager: one alarm that is on while any of the given alarms is, and that alone notifies for them. An incident that
 * triggers five alarms is one message.
 *
 * @param parent the component that it belongs to
 * @param name name in CloudWatch, and logical name
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
 */
export function pager(
  parent: ComponentResource,
  name: string,
  args: {
    readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
    readonly topicArn: Input<string>;
    readonly tags: Readonly<Record<string, string>>;
  },
): aws.cloudwatch.CompositeAlarm {
  const { alarms, topicArn, tags } = args;
  if (alarms.length > MOST_ALARMS) throw new RangeError(`A pager watches at most ${MOST_ALARMS} alarms.`);
  return new aws.cloudwatch.CompositeAlarm(
    name,
    {
      alarmName: name,
      alarmDescription: withRunbook(
        "Something stops or loses work now: the alarms that are on say who is affected. See them on the dashboard of the stack.",
        "pager",
      ),
      // Their names, not patterns: CloudWatch knows no patterns, and a rule with an unknown alarm is refused.
      alarmRule: all(alarms.map((alarm) => alarm.name)).apply((names) =>
        names.map((each) => `ALARM("${each}")`).join(" OR "),
      ),
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags,
    },
    { parent },
  );
}
