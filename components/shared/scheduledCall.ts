import * as aws from "@pulumi/aws";
import type { ComponentResource } from "@pulumi/pulumi";

/** Id of the only target of a rule. Fixed: with another id, a repeated creation would call the function twice. */
const TARGET = "function";

export interface ScheduledCallArgs {
  /** Logical names of the rule, of the right of EventBridge to call the function, and of the target. */
  readonly names: { readonly rule: string; readonly permission: string; readonly target: string };
  /**
   * Name of the rule.
   *
   * @default made by Pulumi
   */
  readonly ruleName?: string;
  readonly description: string;
  /** Such as `rate(1 minute)`. */
  readonly expression: string;
  readonly lambda: aws.lambda.Function;
  /**
   * The event that the function gets.
   *
   * @default that of EventBridge
   */
  readonly input?: object;
  readonly tags: Readonly<Record<string, string>>;
}

/** Calls a function by the clock. A rule, not a schedule of EventBridge Scheduler: that would need one more role. */
export function scheduledCall(parent: ComponentResource, args: ScheduledCallArgs): void {
  const { names, ruleName, description, expression, lambda, input, tags } = args;
  const rule = new aws.cloudwatch.EventRule(
    names.rule,
    { ...(ruleName !== undefined && { name: ruleName }), description, scheduleExpression: expression, tags },
    { parent },
  );
  const permission = new aws.lambda.Permission(
    names.permission,
    {
      action: "lambda:InvokeFunction",
      function: lambda.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    names.target,
    {
      rule: rule.name,
      targetId: TARGET,
      arn: lambda.arn,
      ...(input !== undefined && { input: JSON.stringify(input) }),
    },
    { parent, dependsOn: permission },
  );
}
