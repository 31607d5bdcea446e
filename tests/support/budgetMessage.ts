/**
 * A message as AWS Budgets publishes it for an alert on actual cost.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 */
export function budgetMessage(budget: string): string {
  return [
    "AWS Budget Notification November 20, 2026",
    "AWS Account 123456789012",
    "",
    "Dear AWS Customer,",
    "",
    `You requested that we alert you when the ACTUAL Cost associated with your ${budget} budget is greater than $200.00 for the current month. The ACTUAL Cost associated with this budget is $201.17.`,
    "",
    `Budget Name: ${budget}`,
    "Budget Type: Cost",
    "Budgeted Amount: $200.00",
    "Alert Type: ACTUAL",
    "Alert Threshold: > $200.00",
    "ACTUAL Amount: $201.17",
  ].join("\n");
}
