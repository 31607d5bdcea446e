import { planned, type PlannedStack } from "../../../support/plannedStack.js";

/** Keys with which every capability is on, so that every alarm is there. */
export const EVERYTHING = {
  alarmEmail: "lab@example.org",
  minCapacity: "0",
  maxCapacity: "4",
  resultsCatalog: "true",
  stream: "true",
  fastaDrop: "true",
  scan: "true",
  evidence: "true",
  api: "true",
  agentGateway: "true",
  monthlyBudgetUsd: "200",
};

/** The stack with every alarm. */
export function everything(): Promise<PlannedStack> {
  return planned("default", EVERYTHING);
}

/** A stack with every alarm of model versions. */
export function withVersions(): Promise<PlannedStack> {
  const models = JSON.stringify([{ name: "v2", modelId: "chandar-lab/AMPLIFY_120M" }]);
  return planned("default", { minCapacity: "0", stepDownMinutes: "60", models, modelGuard: "true" });
}

/** The alarms that tell a person: those that only scale the endpoint are left out. */
export function tellingAlarms({
  all,
}: PlannedStack): { readonly id: string; readonly inputs: Record<string, unknown> }[] {
  return [...all("aws:cloudwatch/metricAlarm:MetricAlarm"), ...all("aws:cloudwatch/compositeAlarm:CompositeAlarm")]
    .filter(({ name }) => !/-(?:wake|rest|step-down)-alarm$/.test(name))
    .map(({ name, inputs }) => ({ id: name.replace("protein-agent-default-", ""), inputs }));
}
