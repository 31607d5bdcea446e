import { createServer, type Server } from "node:http";
import { AwsError, readAll } from "../../local/twin/http.js";
import { listen } from "../../local/twin/processes/ports.js";

/** The settings of a project that the emulator reads. */
export interface EmulatedProject {
  readonly variables: Readonly<Record<string, string>>;
  readonly concurrentBuildLimit: number;
}

/** How a build ends. */
export interface Ending {
  readonly status: "SUCCEEDED" | "FAILED" | "FAULT" | "STOPPED" | "TIMED_OUT";
  /** Phase that fails. Default: BUILD. */
  readonly phase?: string;
  /** Why the phase fails. */
  readonly message?: string;
  readonly log?: readonly string[];
}

/** What the builds of an emulator are run on. */
export interface BuildWorld {
  readonly project: (name: string) => EmulatedProject | undefined;
  /** Whether a repository has a tag. Default: no. */
  readonly hasImage?: (repository: string, tag: string) => boolean;
  /** Does what a build does; called at its end. */
  readonly run: (variables: Readonly<Record<string, string>>) => Ending;
  /** Phases before the end; each question for the build moves it one phase on. Default: none, it ends at once. */
  readonly phases?: readonly string[];
}

interface EmulatedBuild {
  readonly id: string;
  readonly projectName: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly phasesLeft: string[];
  ending?: Ending;
}

type Body = Readonly<Record<string, unknown>>;

/**
 * CodeBuild, CloudWatch Logs and ECR over HTTP, as far as a build needs them. An operation that it does not know, a project
 * that does not exist and a build beyond the limit of the project are refused.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html (concurrent build limit)
 */
export class CodeBuildEmulator {
  /** The operations that were asked for, such as `StartBuild`. */
  readonly asked: string[] = [];
  /** Errors that answer the next calls, by operation. */
  readonly failNext = new Map<string, AwsError[]>();
  private readonly builds: EmulatedBuild[] = [];

  private constructor(
    private readonly world: BuildWorld,
    private readonly server: Server,
  ) {}

  url = "";

  static async start(world: BuildWorld): Promise<CodeBuildEmulator> {
    const server = createServer();
    const emulator = new CodeBuildEmulator(world, server);
    server.on("request", (request, response) => {
      void readAll(request).then((body) => {
        const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
        const { status, answer } = emulator.answer(operation, JSON.parse(body.toString()) as Body);
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
      });
    });
    emulator.url = `http://127.0.0.1:${await listen(server)}`;
    return emulator;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** How many builds were started. */
  get started(): number {
    return this.builds.length;
  }

  /** Starts a build, as an earlier `pulumi up` did. */
  startBuild(projectName: string): Body {
    const project = this.projectOf(projectName);
    const running = this.builds.filter((build) => build.projectName === projectName && build.ending === undefined);
    if (running.length >= project.concurrentBuildLimit) {
      throw new AwsError(
        400,
        "AccountLimitExceededException",
        "Cannot have more builds than the limit of the project.",
      );
    }
    const build: EmulatedBuild = {
      id: `${projectName}:0000${this.builds.length + 1}`,
      projectName,
      variables: project.variables,
      phasesLeft: [...(this.world.phases ?? [])],
    };
    this.builds.push(build);
    return { build: described(build, "QUEUED") };
  }

  private answer(operation: string, body: Body): { status: number; answer: unknown } {
    this.asked.push(operation);
    try {
      const failure = this.failNext.get(operation)?.shift();
      if (failure) throw failure;
      return { status: 200, answer: this.operations(operation, body) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { status: error.status, answer: { __type: error.code, message: error.message } };
    }
  }

  private operations(operation: string, body: Body): unknown {
    switch (operation) {
      case "StartBuild":
        return this.startBuild(String(body["projectName"]));
      case "BatchGetBuilds":
        return this.describe(body["ids"] as string[]);
      case "ListBuildsForProject":
        return this.list(body);
      case "DescribeImages":
        return this.describeImages(body);
      case "GetLogEvents":
        return this.log(body);
      default:
        throw new AwsError(400, "UnknownOperationException", `The emulator has no ${operation}.`);
    }
  }

  private describeImages({ repositoryName, imageIds }: Body): Body {
    const [{ imageTag = "" } = {}] = imageIds as { imageTag?: string }[];
    if (this.world.hasImage?.(String(repositoryName), imageTag)) return { imageDetails: [{ imageTags: [imageTag] }] };
    throw new AwsError(400, "ImageNotFoundException", `The image with the tag '${imageTag}' does not exist.`);
  }

  private projectOf(name: string): EmulatedProject {
    const project = this.world.project(name);
    if (project) return project;
    throw new AwsError(400, "ResourceNotFoundException", `Project cannot be found: ${name}`);
  }

  private list({ projectName, sortOrder }: Body): Body {
    this.projectOf(String(projectName));
    const ids = this.builds.filter((build) => build.projectName === projectName).map(({ id }) => id);
    return { ids: sortOrder === "DESCENDING" ? ids.reverse() : ids };
  }

  private describe(ids: readonly string[]): Body {
    const found = this.builds.filter(({ id }) => ids.includes(id));
    const missing = ids.filter((id) => !found.some((build) => build.id === id));
    return { builds: found.map((build) => this.moved(build)), buildsNotFound: missing };
  }

  private moved(build: EmulatedBuild): Body {
    const phase = build.phasesLeft.shift();
    if (phase !== undefined) return described(build, phase);
    build.ending ??= this.world.run(build.variables);
    return described(build, "COMPLETED");
  }

  private log({ logStreamName, limit, startFromHead }: Body): Body {
    const build = this.builds.find(({ id }) => id.endsWith(`:${String(logStreamName)}`));
    if (!build) throw new AwsError(400, "ResourceNotFoundException", "The specified log stream does not exist.");
    const lines = build.ending?.log ?? [];
    const shown = startFromHead === true ? lines.slice(0, Number(limit)) : lines.slice(-Number(limit));
    return { events: shown.map((message) => ({ message: `${message}\n`, timestamp: 0 })) };
  }
}

function described(build: EmulatedBuild, currentPhase: string): Body {
  const { id, projectName, variables, ending } = build;
  return {
    id,
    projectName,
    currentPhase,
    buildComplete: ending !== undefined,
    buildStatus: ending?.status ?? "IN_PROGRESS",
    environment: {
      environmentVariables: Object.entries(variables).map(([name, value]) => ({ name, value, type: "PLAINTEXT" })),
    },
    ...(ending === undefined ? {} : { phases: phasesOf(ending) }),
    // A build that waits in the queue has no stream yet.
    ...(currentPhase === "QUEUED"
      ? {}
      : {
          logs: {
            groupName: `/aws/codebuild/${projectName}`,
            streamName: id.split(":")[1],
            deepLink: `https://console.aws.amazon.com/cloudwatch/${id}`,
          },
        }),
  };
}

function phasesOf({ status, phase = "BUILD", message }: Ending): Body[] {
  const submitted = { phaseType: "SUBMITTED", phaseStatus: "SUCCEEDED" };
  if (status === "SUCCEEDED") return [submitted];
  return [
    submitted,
    { phaseType: phase, phaseStatus: status, contexts: message === undefined ? [] : [{ message }] },
    { phaseType: "COMPLETED" },
  ];
}
