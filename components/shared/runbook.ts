/**
 * The text of an alarm in AWS: its description, and the section of the runbook that says more.
 *
 * @param description what is wrong, who is affected, and what to do
 * @param anchor of the section in docs/runbook.md
 */
export function withRunbook(description: string, anchor: string): string {
  return `${description} Runbook: docs/runbook.md#${anchor}`;
}
