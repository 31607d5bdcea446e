import { GetLogEventsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { Build, StatusType } from "@aws-sdk/client-codebuild";
import { RunError } from "@pulumi/pulumi";
import { BUILD_MINUTES, QUEUE_MINUTES } from "./limits.js";

/** What is built, and where. */
export interface BuildTarget {
  readonly projectName: string;
  readonly region: string;
  /** `repository:tag`, as the project pushes it. */
  readonly image: string;
}

/** Lines of the log that an error shows. */
const LOG_LINES = 30;

const AGAIN = "run pulumi up again: it starts a new build.";

/** What to do after a build that did not succeed. */
const ADVICE = {
  FAILED: `Fix what the log reports, and ${AGAIN}`,
  FAULT: `The fault is in CodeBuild: ${AGAIN}`,
  STOPPED: `Somebody stopped the build: ${AGAIN}`,
  TIMED_OUT:
    `A build may wait ${QUEUE_MINUTES} minutes for other builds of the account, and run for ${BUILD_MINUTES} minutes. ` +
    `See in the log what took so long, and ${AGAIN}`,
} as const satisfies Partial<Record<StatusType, string>>;

/** What to do after an error of a call, by the beginning of its name. */
const CALL_ADVICE: readonly (readonly [RegExp, (target: BuildTarget) => string])[] = [
  [
    /^AccountLimitExceeded/,
    ({ region }) =>
      "Wait for other builds to end, or raise the quota 'Concurrently running builds for Linux/Medium environment': " +
      `aws service-quotas list-service-quotas --service-code codebuild --region ${region}`,
  ],
  [
    /^AccessDenied/,
    () => "Allow this action for the identity that deploys, see BuildsOfTheStack in docs/deploy-from-ci.md.",
  ],
  [
    /^ResourceNotFound/,
    () =>
      "Use the same credentials for the environment as for Pulumi: a role of aws:assumeRoles is not taken for builds.",
  ],
  [
    /^(?:Credentials|ExpiredToken|UnrecognizedClient|InvalidSignature)/,
    () => "Sign in (aws sso login, or other credentials of the environment), and run pulumi up again.",
  ],
];

/** Says that a build goes on although nobody waits for it any more. */
export function unfinished(id: string): string {
  return ` The build ${id} goes on, and the next pulumi up waits for it.`;
}

/**
 * Calls CodeBuild.
 *
 * @param more a sentence at the end of the error
 * @throws RunError with the reason and what to do, where the call fails
 */
export async function explained<Answer>(target: BuildTarget, call: () => Promise<Answer>, more = ""): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const advice = CALL_ADVICE.find(([name]) => name.test(error.name))?.[1](target) ?? "Run pulumi up again.";
    throw new RunError(`CodeBuild (project ${target.projectName}): ${error.name}: ${error.message} ${advice}${more}`);
  }
}

/** The error for a build that did not succeed: its phase and reason, what to do, and the last lines of its log. */
export async function buildError(logs: CloudWatchLogsClient, target: BuildTarget, build: Build): Promise<RunError> {
  const { buildStatus = "FAILED", id = "", logs: { deepLink = "" } = {} } = build;
  const advice: Partial<Record<string, string>> = ADVICE;
  return new RunError(
    [
      `The build ${id} of the image ${target.image} ended with ${buildStatus}${reasonOf(build)}.`,
      advice[buildStatus] ?? ADVICE.FAILED,
      ...(await lastLines(logs, build)),
      ...(deepLink === "" ? [] : [`The whole log: ${deepLink}`]),
    ].join("\n"),
  );
}

/** Phase and messages of what failed first. */
function reasonOf({ phases = [] }: Build): string {
  const failed = phases.find(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== "SUCCEEDED");
  if (failed === undefined) return "";
  const messages = (failed.contexts ?? []).flatMap(({ message }) => message?.trim() || []);
  return ` in the phase ${[failed.phaseType ?? "", ...messages].join(": ")}`;
}

async function lastLines(client: CloudWatchLogsClient, { logs }: Build): Promise<string[]> {
  const { groupName, streamName } = logs ?? {};
  // A build that never ran has no log.
  if (groupName === undefined || streamName === undefined) return [];
  try {
    const { events = [] } = await client.send(
      new GetLogEventsCommand({
        logGroupName: groupName,
        logStreamName: streamName,
        limit: LOG_LINES,
        startFromHead: false,
      }),
    );
    return ["The last lines of its log:", ...events.map(({ message = "" }) => `  ${message.trimEnd()}`)];
  } catch (error) {
    return [`Its log cannot be read: ${String(error)}`];
  }
}
