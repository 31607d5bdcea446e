import * as aws from "@pulumi/aws";
import type { ComponentResource, Input, Resource } from "@pulumi/pulumi";
import { brakeNames } from "../shared/brakeNames.js";
import { budgetServices, type ServiceUse } from "./budgetServices.js";

/** Alerts before the budget is used up, in percent of it. */
const EARLY_PERCENT = 80;

export interface BudgetArgs extends ServiceUse {
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly monthlyBudgetUsd: number;
  readonly alarmTopicArn: Input<string>;
  readonly brakeTopicArn: Input<string>;
  readonly alarmEmail: string;
  /** Policies of the topics: AWS Budgets refuses a topic that it may not publish to. */
  readonly dependsOn: Resource[];
}

/**
 * The budget of a month over the services of a stack, of the whole account. Two alerts tell people; that of 100 % pulls the
 * brake.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 */
export function monthlyBudget(parent: ComponentResource, name: string, args: BudgetArgs): aws.budgets.Budget {
  const { alarmTopicArn, alarmEmail, brakeTopicArn, monthlyBudgetUsd, prefix, tags, dependsOn } = args;
  const alert = (notificationType: "ACTUAL" | "FORECASTED", threshold: number, topicArn: Input<string>) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberSnsTopicArns: [topicArn],
  });
  return new aws.budgets.Budget(
    `${name}-budget`,
    {
      name: brakeNames(prefix).budget,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyBudgetUsd),
      limitUnit: "USD",
      costFilters: [{ name: "Service", values: budgetServices(args) }],
      notifications: [
        alert("ACTUAL", EARLY_PERCENT, alarmTopicArn),
        alert("FORECASTED", 100, alarmTopicArn),
        {
          ...alert("ACTUAL", 100, brakeTopicArn),
          ...(alarmEmail === "" ? {} : { subscriberEmailAddresses: [alarmEmail] }),
        },
      ],
      tags,
    },
    { parent, dependsOn },
  );
}
