import { DescribeAlarmsCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import {
  FilterLogEventsCommand,
  type CloudWatchLogsClient,
  type FilteredLogEvent,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, paginateListQueues, type SQSClient } from "@aws-sdk/client-sqs";
import { findingsOf, type Finding } from "../../preflight/finding.js";
import { restoreCommand, type StackNames } from "../stackNames.js";

/** Age of log lines that are reported, in hours. */
const RECENT_HOURS = 1;

/** Most lines of one log group that are read, and most characters of one that is shown. */
const MOST_LINES = 50;
const SHOWN = 300;

/** Lines of errors: of the functions and the model server, and of Lambda itself. */
const PATTERNS = ["ERROR", '"Task timed out"'];

/** What Pulumi adds to a name that the program does not fix. */
const ADDED = /-[0-9a-f]{7}$/;

/** Checks the alarms of the stack that are on. Those of a stack whose prefix begins alike are not its own. */
export async function alarms(
  cloudwatch: CloudWatchClient,
  { prefix, alarms: planned }: StackNames,
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("alarms");
  const { MetricAlarms: on = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${prefix}-`, StateValue: "ALARM", AlarmTypes: ["MetricAlarm"] }),
  );
  // The alarms that only scale the endpoint have no section in the runbook.
  const telling = on.flatMap(({ AlarmName: name = "", AlarmDescription: text = "", StateValue: state }) => {
    const isOwn = planned.includes(name) || planned.includes(name.replace(ADDED, ""));
    if (state !== "ALARM" || !isOwn) return [];
    const [, sentence, link] = /^(.*) Runbook: (\S+)$/.exec(text) ?? [];
    if (sentence === undefined || link === undefined) return [];
    return [bad("fault", sentence, `aws cloudwatch describe-alarms --alarm-names ${name} says since when: ${link}`)];
  });
  return telling.length > 0 ? telling : [ok("No alarm is on.")];
}

/** Checks the functions of the stack. */
export async function functions(
  lambda: LambdaClient,
  { stack, functions: names }: StackNames,
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("functions");
  const findings = await Promise.all(
    names.map(async (name): Promise<Finding[]> => {
      const found = await lambda.send(new GetFunctionCommand({ FunctionName: name })).catch((error: unknown) => {
        if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
        throw error;
      });
      if (found === undefined) return [bad("fault", `There is no function ${name}.`, restoreCommand(stack))];
      const {
        State: state,
        StateReason: reason,
        LastUpdateStatus: update,
        LastUpdateStatusReason: why,
      } = found.Configuration ?? {};
      if (state !== undefined && state !== "Active" && state !== "Inactive") {
        return [bad("fault", `The function ${name} is ${state}: ${reason ?? "no reason"}`, restoreCommand(stack))];
      }
      if (update === "Failed") {
        return [bad("fault", `The last update of ${name} failed: ${why ?? "no reason"}`, restoreCommand(stack))];
      }
      return [];
    }),
  );
  const bads = findings.flat();
  return bads.length > 0 ? bads : [ok(`All ${names.length} functions are there and active.`)];
}

/** Checks the queues of the stack for messages that nobody could process. */
export async function deadLetters(sqs: SQSClient, { stack, prefix }: StackNames): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("dead letters");
  const own = new RegExp(`/${prefix}-(?:fasta-|brake-)?dead-letters(?:${ADDED.source.slice(0, -1)})?$`);
  const urls: string[] = [];
  for await (const { QueueUrls: page = [] } of paginateListQueues({ client: sqs }, { QueueNamePrefix: `${prefix}-` })) {
    urls.push(...page.filter((url) => own.test(url)));
  }
  const found: Finding[] = [];
  for (const url of urls) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ["ApproximateNumberOfMessages", "QueueArn"],
      }),
    );
    const messages = Number(Attributes["ApproximateNumberOfMessages"] ?? 0);
    if (messages === 0) continue;
    const arn = Attributes["QueueArn"] ?? "";
    const sentence = `${messages} message(s) are in ${arn.split(":").at(-1) ?? url}.`;
    const section = /(?:fasta-|brake-)?dead-letters/.exec(arn)?.[0] ?? "dead-letters";
    const command = section.startsWith("brake")
      ? `npx vep brake show --stack ${stack}`
      : `aws sqs start-message-move-task --source-arn ${arn}, when the cause is fixed`;
    const fix = `${command}: docs/runbook.md#${section}`;
    found.push(bad("warning", sentence, fix));
  }
  return found.length > 0 ? found : [ok(`No message is in the dead-letter queues (${urls.length}).`)];
}

/** Checks the logs of the stack for lines of errors, and shows the newest of each. */
export async function logLines(
  logs: CloudWatchLogsClient,
  { stack, logGroups: groups }: StackNames,
  now: Date,
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("log lines");
  const startTime = now.getTime() - RECENT_HOURS * 3_600_000;
  const found = await Promise.all(
    groups.map(async (logGroupName): Promise<Finding[]> => {
      const pages = await Promise.all(PATTERNS.map((pattern) => matching(logs, logGroupName, pattern, startTime)));
      const events = pages.flat().sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
      const newest = events.at(-1)?.message;
      if (newest === undefined) return [];
      const line = newest.replace(/\s+/g, " ").trim().slice(0, SHOWN);
      const denied = /AccessDenied|not authorized/i.test(newest);
      const fix = denied
        ? `${restoreCommand(stack)} puts the rights back: docs/runbook.md#access-denied`
        : `aws logs tail ${logGroupName} --since ${RECENT_HOURS}h`;
      return [bad("warning", `${events.length} line(s) of errors in ${logGroupName}, the newest: ${line}`, fix)];
    }),
  );
  const bads = found.flat();
  return bads.length > 0 ? bads : [ok(`No error in ${groups.length} log groups in ${RECENT_HOURS} hour(s).`)];
}

async function matching(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  filterPattern: string,
  startTime: number,
): Promise<FilteredLogEvent[]> {
  try {
    const command = new FilterLogEventsCommand({ logGroupName, startTime, filterPattern, limit: MOST_LINES });
    return (await logs.send(command)).events ?? [];
  } catch (error) {
    // A group of a capability that is not deployed yet.
    if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
    throw error;
  }
}
