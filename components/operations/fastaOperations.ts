import { fastaNames } from "../shared/fastaNames.js";
import { functionMetric, queueMetric } from "../shared/metrics.js";
import { deadLetterAlarm, type Alarm } from "./alarm.js";
import type { Graph } from "./graph.js";

/**
 * The alarms of the way in for FASTA files.
 *
 * @param prefix first part of the names of the stack
 */
export function fastaAlarms(prefix: string): Alarm[] {
  const names = fastaNames(prefix);
  return [
    deadLetterAlarm(
      "fasta-dead-letters",
      names.deadLetters,
      `A part of a FASTA upload could not be processed: whoever uploaded it waits for its manifest and results. See the log of ${names.function}, fix the cause, and redrive ${names.deadLetters} to its source queue.`,
    ),
  ];
}

/**
 * The graphs of the way in for FASTA files.
 *
 * @param prefix first part of the names of the stack
 */
export function fastaGraphs(prefix: string): Graph[] {
  const names = fastaNames(prefix);
  const visible = "ApproximateNumberOfMessagesVisible";
  return [
    {
      title: "FASTA uploads: tasks",
      lines: [
        { metric: queueMetric(names.queue, visible), stat: "Maximum", label: "waiting" },
        { metric: queueMetric(names.deadLetters, visible), stat: "Maximum", label: "dead letters" },
      ],
    },
    {
      title: "FASTA uploads: calls",
      lines: [
        { metric: functionMetric(names.function, "Invocations"), stat: "Sum", label: "calls" },
        { metric: functionMetric(names.function, "Errors"), stat: "Sum", label: "errors" },
      ],
    },
  ];
}
