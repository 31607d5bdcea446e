import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import type { CallableModels } from "../shared/modelVersions.js";
import type { Place } from "../shared/place.js";
import { allow, answeringTasks, policyDocument, running, runningMachine, submitting } from "../shared/policies.js";

/** Queue and definition of the jobs that align large families. */
export interface LargeJobs {
  readonly queueArn: Input<string>;
  /** Without a revision. */
  readonly definitionArn: Input<string>;
}

/** Keys of the items of workflows, and of the audit, in the table of jobs. */
const WORKFLOW_KEYS = ["workflow/*", "workflow-of/*"];
const AUDIT_KEYS = ["audit/*"];

/** The permissions of the function that callers talk to: the items of workflows, new items of the audit, executions. */
export function workflowPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly machineArn: Input<string>;
  readonly executionsArn: Input<string>;
  readonly logGroupArn: Input<string>;
}): iam.PolicyDocument {
  const { bucketArn, tableArn, machineArn, executionsArn, logGroupArn } = args;
  return policyDocument(
    ...filesOf(bucketArn, [PREFIXES.evidence], [PREFIXES.evidence]),
    allow({
      sid: "KeepWorkflows",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [tableArn],
      conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": WORKFLOW_KEYS } },
    }),
    allow({
      sid: "AddToAudit",
      actions: ["dynamodb:PutItem"],
      resources: [tableArn],
      conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": AUDIT_KEYS } },
    }),
    allow({ sid: "StartWorkflows", actions: ["states:StartExecution"], resources: [machineArn] }),
    allow({
      sid: "FollowWorkflows",
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: [interpolate`${executionsArn}:*`],
    }),
    ...running(logGroupArn),
  );
}

/** The permissions of the function of the steps: the files of evidence, the submit path, results, and the archive. */
export function stepsPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly endpointArn: Input<string>;
  readonly models: CallableModels | undefined;
  readonly logGroupArn: Input<string>;
}): iam.PolicyDocument {
  const { bucketArn, tableArn, endpointArn, models, logGroupArn } = args;
  return policyDocument(
    ...filesOf(
      bucketArn,
      [PREFIXES.evidence, PREFIXES.output, PREFIXES.failure],
      [PREFIXES.evidence, PREFIXES.input, PREFIXES.audit],
      [PREFIXES.input, PREFIXES.audit],
    ),
    answeringTasks(),
    ...submitting({ endpointArn, tableArn, models }),
    ...running(logGroupArn),
  );
}

/** The permissions of the state machine: call its functions, run jobs where there are any, and write traces and logs. */
export function workflowMachinePolicy(
  functionArns: Input<string>[],
  jobs: LargeJobs | undefined,
  place: Place,
): iam.PolicyDocument {
  return policyDocument(
    allow({ sid: "CallFunctions", actions: ["lambda:InvokeFunction"], resources: functionArns }),
    ...(jobs === undefined ? [] : runningJobs(jobs, place)),
    ...runningMachine(),
  );
}

/**
 * Allows running the jobs of one queue and definition to their end. AWS makes the id of a job when it is submitted: jobs
 * cannot be told apart when they are looked at or ended.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
function runningJobs(jobs: LargeJobs, { account, partition, region }: Place): iam.PolicyStatement[] {
  const { queueArn, definitionArn } = jobs;
  const resources = [queueArn, definitionArn, interpolate`${definitionArn}:*`];
  return [
    allow({ sid: "SubmitJobs", actions: ["batch:SubmitJob"], resources }),
    allow({ sid: "FollowJobs", actions: ["batch:DescribeJobs"], resources: ["*"] }),
    allow({
      sid: "EndJobs",
      actions: ["batch:TerminateJob"],
      resources: [interpolate`arn:${partition}:batch:${region}:${account}:job/*`],
    }),
    // The rule by which Step Functions hears of their ends: it makes one for all state machines of a region.
    allow({
      sid: "HearOfJobs",
      actions: ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
      resources: [
        interpolate`arn:${partition}:events:${region}:${account}:rule/StepFunctionsGetEventsForBatchJobsRule`,
      ],
    }),
  ];
}

/**
 * The policy of the table of jobs that keeps the audit append-only, whatever the rights of a role or a person are: nobody
 * changes or deletes an item of it, and only the function of workflows adds one. DynamoDB itself deletes it after its time.
 *
 * @param roleArn ARN of the role of the function of workflows
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-examples.html
 */
export function auditPolicy(tableArn: Input<string>, roleArn: Input<string>): iam.PolicyDocument {
  const ofAudit = { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": AUDIT_KEYS } };
  const deny = { Effect: "Deny", Principal: "*", Resource: tableArn } as const;
  return policyDocument(
    {
      Sid: "KeepAudit",
      ...deny,
      Action: ["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"],
      Condition: ofAudit,
    },
    {
      Sid: "AddToAuditByFunction",
      ...deny,
      Action: "dynamodb:PutItem",
      Condition: { ...ofAudit, ArnNotEquals: { "aws:PrincipalArn": roleArn } },
    },
  );
}

function filesOf(
  bucketArn: Input<string>,
  read: readonly string[],
  written: readonly string[],
  found: readonly string[] = [],
): iam.PolicyStatement[] {
  const below = (prefixes: readonly string[]): Input<string>[] =>
    prefixes.map((prefix) => interpolate`${bucketArn}/${prefix}*`);
  return [
    allow({ sid: "ReadFiles", actions: ["s3:GetObject"], resources: below(read) }),
    allow({ sid: "WriteFiles", actions: ["s3:PutObject"], resources: below(written) }),
    // Without ListBucket, S3 answers AccessDenied instead of NoSuchKey for an object that does not exist.
    allow({
      sid: "FindFiles",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      conditions: { StringLike: { "s3:prefix": [...read, ...found].map((prefix) => `${prefix}*`) } },
    }),
  ];
}
