import { CodeBuildEmulator, type EmulatedProject, type Ending } from "../../support/codeBuild.js";
import { hash, text } from "../provider/outputs.js";
import type { Cloud } from "../provider/cloud.js";
import type { Properties } from "../provider/wire.js";

const PROJECT = "aws:codebuild/project:Project";

/** Where the program's SDK finds CodeBuild, ECR and CloudWatch Logs, and with which credentials. */
const ENVIRONMENT = (url: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_CODEBUILD: url,
  AWS_ENDPOINT_URL_ECR: url,
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
  AWS_ACCESS_KEY_ID: "id",
  AWS_SECRET_ACCESS_KEY: "key",
});

/** CodeBuild in front of a simulated cloud: a build reads its context from the cloud and pushes into its repository. */
export interface AccountBuild {
  readonly emulator: CodeBuildEmulator;
  /** How the next builds end, instead of with success. */
  readonly endings: Ending[];
  /** Stops it, and restores the environment. */
  close(): void;
}

/** Starts CodeBuild for the projects of a cloud, and points the SDK of this process at it. */
export async function accountBuild(cloud: Cloud): Promise<AccountBuild> {
  const endings: Ending[] = [];
  const emulator = await CodeBuildEmulator.start({
    project: (name) => projectOf(cloud, name),
    hasImage: (repository, tag) => cloud.state.images[repository]?.[tag] !== undefined,
    run: (variables) => endings.shift() ?? build(cloud, variables),
  });
  const environment = ENVIRONMENT(emulator.url);
  const before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
  Object.assign(process.env, environment);
  const close = (): void => {
    emulator.stop();
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
  return { emulator, endings, close };
}

function projectOf(cloud: Cloud, name: string): EmulatedProject | undefined {
  const project = cloud.all(PROJECT).find(({ inputs }) => inputs["name"] === name);
  if (!project) return undefined;
  const { environmentVariables } = project.inputs["environment"] as { environmentVariables: Properties[] };
  return {
    variables: Object.fromEntries(
      environmentVariables.map((variable) => [text(variable["name"]), text(variable["value"])]),
    ),
    concurrentBuildLimit: Number(project.inputs["concurrentBuildLimit"]),
  };
}

/** What the commands of the build do, and how AWS refuses them. */
function build({ state }: Cloud, { CONTEXT = "", IMAGE = "" }: Readonly<Record<string, string>>): Ending {
  const [, bucket = "", key = ""] = /^([^/]+)\/(.+)$/.exec(CONTEXT) ?? [];
  if (!state.objects[bucket]?.includes(key)) {
    return {
      status: "FAILED",
      phase: "PRE_BUILD",
      log: [`fatal error: An error occurred (404): Key "${key}" does not exist`],
    };
  }
  const [, repository = "", tag = ""] = /^[^/]+\/(.+):([^:]+)$/.exec(IMAGE) ?? [];
  const images = (state.images[repository] ??= {});
  if (images[tag] !== undefined) {
    return { status: "FAILED", log: [`ImageTagAlreadyExistsException: the tag '${tag}' is immutable`] };
  }
  images[tag] = `sha256:${hash(`built in the account: ${tag}`, 64)}`;
  return { status: "SUCCEEDED" };
}
