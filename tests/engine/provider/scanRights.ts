import { RESULTS_ENVIRONMENT, TASK_ENVIRONMENT } from "../../../contract/environment.js";
import { SCAN_OUTPUTS } from "../../../contract/scan.js";
import { PREFIXES } from "../../../contract/storage.js";
import type { CloudResource, CloudView } from "./cloudState.js";
import { arn, keyUse, type Right } from "./commonRights.js";
import { PLACE, text } from "./outputs.js";
import type { Properties } from "./wire.js";

const MACHINE = "aws:sfn/stateMachine:StateMachine";

/**
 * What a function needs besides to answer the tasks of scans, and the function of scans to do its own. None without a state
 * machine.
 *
 * @param bucket ARN of the bucket
 * @param variables environment of the function: without its variable it answers no tasks
 */
export function scanRights(cloud: CloudView, functionName: string, bucket: string, variables: Properties): Right[] {
  const [machine] = cloud.all(MACHINE);
  if (machine === undefined || variables[TASK_ENVIRONMENT.answersTasks] === undefined) return [];
  const key = keyOf(machine);
  const written = functionName.endsWith("-scan")
    ? [`${PREFIXES.scans}1`, ...Object.values(SCAN_OUTPUTS).map((end) => `${PREFIXES.uploads}1${end}`)]
    : [];
  return [
    ["states:SendTaskSuccess", "*"],
    ["states:SendTaskFailure", "*"],
    ...written.map((object): Right => ["s3:PutObject", `${bucket}/${object}`]),
    ...(key === "" ? [] : keyUse(key, "states", ["kms:Decrypt"])),
  ];
}

/** What the function of the result store needs to read the jobs of shards. */
export function shardRights(variables: Properties): Right[] {
  const table = text(variables[RESULTS_ENVIRONMENT.jobTableName]);
  return table === "" ? [] : [["dynamodb:GetItem", arn("dynamodb", `table/${table}`)]];
}

/**
 * What the role of the state machine of scans needs.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
export function machineRights(cloud: CloudView, machine: CloudResource): Right[] {
  const own = text(machine.outputs["arn"]);
  if (own.endsWith("-evidence")) return workflowMachineRights(cloud, machine);
  const executions = own.replace(":stateMachine:", ":execution:");
  const called = cloud.all("aws:lambda/function:Function").filter(({ id }) => id.endsWith("-scan"));
  const [bucket] = cloud.all("aws:s3/bucket:Bucket").filter(({ id }) => id.includes("-data"));
  return [
    ...called.map(({ outputs }): Right => ["lambda:InvokeFunction", text(outputs["arn"])]),
    ["s3:GetObject", `${text(bucket?.outputs["arn"])}/${PREFIXES.scans}1`],
    ["states:StartExecution", own],
    ...["DescribeExecution", "RedriveExecution", "StopExecution"].map((action): Right => [
      `states:${action}`,
      `${executions}/Shards:1`,
    ]),
    ["logs:CreateLogDelivery", "*"],
    ["xray:PutTraceSegments", "*"],
  ];
}

/**
 * What the role of the state machine of workflows needs: it calls its functions, and runs jobs where there are any.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
function workflowMachineRights(cloud: CloudView, { inputs }: CloudResource): Right[] {
  const ends = ["-steps", "-retrieval", "-alignment", "-sources"];
  const called = cloud.all("aws:lambda/function:Function").filter(({ id }) => ends.some((end) => id.endsWith(end)));
  const submits = text(inputs["definition"]).includes("batch:submitJob");
  const types = submits ? ["aws:batch/jobQueue:JobQueue", "aws:batch/jobDefinition:JobDefinition"] : [];
  const jobs = types.flatMap((type) => cloud.all(type));
  const rule = arn("events", "rule/StepFunctionsGetEventsForBatchJobsRule");
  return [
    ...called.map(({ outputs }): Right => ["lambda:InvokeFunction", text(outputs["arn"])]),
    ...jobs.map(({ outputs }): Right => ["batch:SubmitJob", text(outputs["arn"])]),
    ...(submits ? BATCH_RIGHTS : []),
    ...(submits ? ["DescribeRule", "PutRule", "PutTargets"] : []).map((to): Right => [`events:${to}`, rule]),
    ["logs:CreateLogDelivery", "*"],
    ["xray:PutTraceSegments", "*"],
  ];
}

const BATCH_RIGHTS: readonly Right[] = [
  ["batch:DescribeJobs", "*"],
  ["batch:TerminateJob", arn("batch", "job/1")],
];

/** The ARN that Step Functions names when it assumes the role of a machine, and EventBridge Scheduler that of a schedule. */
export function sourceOf({ type, inputs, outputs }: CloudResource): {
  readonly service: string;
  readonly source: string;
} {
  return type === MACHINE
    ? { service: "states.amazonaws.com", source: text(outputs["arn"]) }
    : {
        service: "scheduler.amazonaws.com",
        source: `arn:aws:scheduler:${PLACE.region}:${PLACE.account}:schedule-group/${text(inputs["groupName"])}`,
      };
}

function keyOf({ inputs }: CloudResource): string {
  return text((inputs["encryptionConfiguration"] as Properties | undefined)?.["kmsKeyId"]);
}
