import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
  BatchGetBuildsCommand,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  type Build,
  type CodeBuildClient,
} from "@aws-sdk/client-codebuild";
import { buildError, explained, unfinished, type BuildTarget } from "./buildErrors.js";
import { IMAGE_VARIABLE } from "./buildspec.js";

/** The clients that start and follow a build. */
export interface BuildClients {
  readonly codeBuild: CodeBuildClient;
  readonly logs: CloudWatchLogsClient;
}

/** What a build needs beside AWS. */
export interface Surroundings {
  /** Shows one line of progress. */
  readonly report: (text: string) => void;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** Time between two questions for the state of a build, in milliseconds. */
const POLL_MS = 10_000;

/**
 * Runs a build to its end. A build of an earlier, interrupted `pulumi up` that still runs is waited for, because the
 * project runs one build at a time; where it builds the same image, no other is started.
 *
 * @throws RunError if the build cannot be started or does not succeed, with the last lines of its log and what to do
 */
export async function runBuild(clients: BuildClients, target: BuildTarget, around: Surroundings): Promise<void> {
  const running = await explained(target, () => runningBuild(clients.codeBuild, target.projectName));
  if (running) {
    around.report(`Waiting for the build ${running.id ?? ""} of an earlier pulumi up.`);
    const earlier = await end(clients, target, running, around);
    if (imageOf(earlier) === target.image) return expectSuccess(clients, target, earlier);
  }
  const build = await explained(target, () => start(clients.codeBuild, target.projectName));
  around.report(`CodeBuild builds the image ${target.image}.`);
  return expectSuccess(clients, target, await end(clients, target, build, around));
}

/** The newest build of a project, if it still runs. */
async function runningBuild(codeBuild: CodeBuildClient, projectName: string): Promise<Build | undefined> {
  const { ids = [] } = await codeBuild.send(new ListBuildsForProjectCommand({ projectName, sortOrder: "DESCENDING" }));
  const [newest] = ids;
  if (newest === undefined) return undefined;
  const build = await describe(codeBuild, newest);
  return build.buildComplete === true ? undefined : build;
}

async function start(codeBuild: CodeBuildClient, projectName: string): Promise<Build> {
  const { build } = await codeBuild.send(new StartBuildCommand({ projectName }));
  if (build === undefined) throw new RangeError(`CodeBuild started no build of ${projectName}.`);
  return build;
}

async function describe(codeBuild: CodeBuildClient, id: string): Promise<Build> {
  const { builds: [build] = [] } = await codeBuild.send(new BatchGetBuildsCommand({ ids: [id] }));
  if (build === undefined) throw new RangeError(`CodeBuild does not know its build ${id}.`);
  return build;
}

/** Waits for the end of a build, and reports each phase. CodeBuild itself ends it at the time limits of the project. */
async function end(
  { codeBuild }: BuildClients,
  target: BuildTarget,
  { id = "" }: Build,
  { report, wait }: Surroundings,
): Promise<Build> {
  let reported: string | undefined;
  for (;;) {
    const build = await explained(target, () => describe(codeBuild, id), unfinished(id));
    const phase = build.currentPhase;
    if (phase !== undefined && phase !== reported) report(`${id}: ${phase}`);
    if (build.buildComplete === true) return build;
    reported = phase;
    await wait(POLL_MS);
  }
}

async function expectSuccess({ logs }: BuildClients, target: BuildTarget, build: Build): Promise<void> {
  if (build.buildStatus !== "SUCCEEDED") throw await buildError(logs, target, build);
}

function imageOf({ environment }: Build): string | undefined {
  return environment?.environmentVariables?.find(({ name }) => name === IMAGE_VARIABLE)?.value;
}
