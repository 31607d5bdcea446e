import type { iam } from "@pulumi/aws";
import { evidenceNames, workflowMachineArn } from "./evidenceNames.js";
import type { KeyUser } from "./keyPolicy.js";
import { functionLogGroup, jobLogGroup } from "./logGroup.js";
import type { Place } from "./place.js";
import { usedByMachine } from "./scanKeyUse.js";
import { rolePatterns } from "./serviceRole.js";

/** Who uses the key of a stack for evidence: one statement, because a policy of a key has at most 32 kB. */
export function evidenceUsers(prefix: string, place: Place, functionRoleArn: string): KeyUser[] {
  const { retrieval, alignment, jobs, sources, workflow, steps, machineRole } = evidenceNames(prefix);
  const functions = [retrieval, alignment, sources, workflow, steps];
  return [
    {
      sid: "UseByEvidence",
      roleArns: [
        ...functions.flatMap((name) => rolePatterns(name, place, "")),
        ...(functionRoleArn === "" ? [] : [functionRoleArn]),
        ...rolePatterns(jobs, place, ""),
        ...rolePatterns(machineRole, place, ""),
      ],
      services: ["dynamodb", "s3", "states"],
    },
  ];
}

/** Lets the role of the state machine of workflows use the key. */
export function usedByWorkflows(prefix: string, place: Place): iam.PolicyStatement[] {
  return usedByMachine(workflowMachineArn(prefix, place), evidenceNames(prefix).machineRole, place, [
    "EncryptWorkflows",
    "EncryptWorkflowLogs",
  ]);
}

/** Names of the log groups of evidence, which are encrypted with the key. */
export function evidenceLogGroups(prefix: string): string[] {
  const { retrieval, alignment, jobs, sources, workflow, steps, machineLogGroup } = evidenceNames(prefix);
  const functions = [retrieval, alignment, sources, workflow, steps];
  return [...functions.map(functionLogGroup), jobLogGroup(jobs), machineLogGroup];
}
