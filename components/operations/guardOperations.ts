import { brakeNames } from "../shared/brakeNames.js";
import { functionMetric } from "../shared/metrics.js";
import { deadLetterAlarm, type Alarm } from "./alarm.js";
import type { Graph } from "./graph.js";

/**
 * The alarms of the cost guard.
 *
 * @param prefix first part of the names of the stack
 */
export function guardAlarms(prefix: string): Alarm[] {
  const names = brakeNames(prefix);
  return [
    {
      id: "brake-failed",
      alarmDescription: `The budget of the month is used up, and the brake could not be pulled: whoever pays the account pays for more. See the log of ${names.function}, and pull the brake by hand with vep brake pull.`,
      metric: functionMetric(names.function, "Errors"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    deadLetterAlarm(
      "brake-dead-letters",
      names.deadLetters,
      `A message of the budget could not be taken: the brake may be off though the budget is used up, and whoever pays the account pays for more. See the log of ${names.function}, pull the brake by hand if it has to be on, and purge ${names.deadLetters}.`,
    ),
  ];
}

/**
 * The graphs of the cost guard.
 *
 * @param prefix first part of the names of the stack
 */
export function guardGraphs(prefix: string): Graph[] {
  const { function: brake } = brakeNames(prefix);
  return [
    {
      title: "Brake of the budget: calls",
      lines: [
        { metric: functionMetric(brake, "Invocations"), stat: "Sum", label: "calls" },
        { metric: functionMetric(brake, "Errors"), stat: "Sum", label: "errors" },
      ],
    },
  ];
}
