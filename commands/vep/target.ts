import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { ToolsClient } from "../../client/tools.js";
import { clientOptions } from "../../local/twin/account.js";
import { runningTwin } from "../local/runningTwin.js";
import { UsageError } from "../command.js";
import { pulumi } from "./pulumi.js";

/** Which deployment a command calls. */
export interface TargetOptions {
  /** The twin. */
  readonly local?: boolean;
  /** A deployed stack, whose outputs the Pulumi CLI reads. */
  readonly stack?: string;
  /** Name or ARN of the tools' function. */
  readonly lambdaFunction?: string;
  /** Model of a twin that is started: a folder or a hub id. */
  readonly model?: string;
  /** Configuration of a twin that is started, beside the defaults. */
  readonly twinConfig?: Readonly<Record<string, string>>;
}

/** A deployment that can be called. */
export interface Target {
  readonly tools: ToolsClient;
  /** Name or ARN of the tools' function. */
  readonly functionName: string;
  readonly s3: S3Client;
  /** Address and credentials of clients of AWS; empty for those of the environment. */
  readonly clientConfig: Partial<ReturnType<typeof clientOptions>>;
  /** Whether its jobs end with this process: a twin that was started for it. */
  readonly ownTwin: boolean;
  /** A warning for the user, such as synthetic weights. */
  readonly notice?: string;
  /** Stops what was started. */
  close(): Promise<void>;
}

/** End of the parameter's name by which a stack's function is found, see components/tools/discovery.ts. */
const PARAMETER = "/sagemaker-async/lambda-function-arn";

/**
 * Finds the deployment to call.
 *
 * @param report called with one sentence before each step that takes long
 * @throws UsageError where the options name several, or none can be found
 */
export async function openTarget(options: TargetOptions, report: (message: string) => void): Promise<Target> {
  const { local, stack, lambdaFunction } = options;
  const named = [local && "--local", stack && "--stack", lambdaFunction && "--lambda-function"].filter(Boolean);
  if (named.length > 1) throw new UsageError(`${named.join(" and ")} name different deployments: give one of them.`);
  if (local) return openTwin(options, report);
  if (options.model !== undefined)
    throw new UsageError("option '--model' goes with --local: a stack has its own model.");
  const functionName = lambdaFunction ?? (await (stack === undefined ? discovered() : functionOf(stack)));
  return {
    tools: new ToolsClient(new LambdaClient({}), functionName),
    functionName,
    s3: new S3Client({}),
    clientConfig: {},
    ownTwin: false,
    close: () => Promise.resolve(),
  };
}

/** Calls a deployment, and closes what was opened for it. Says each step on standard error, unless JSON is asked for. */
export async function withTarget<Result>(
  options: TargetOptions & { readonly json?: boolean },
  act: (target: Target) => Promise<Result>,
): Promise<Result> {
  const target = await openTarget(options, (message) => {
    if (!options.json) console.error(message);
  });
  try {
    return await act(target);
  } finally {
    await target.close();
  }
}

async function openTwin({ model, twinConfig }: TargetOptions, report: (message: string) => void): Promise<Target> {
  const running = runningTwin();
  if (running) {
    if (model !== undefined) throw new UsageError("option '--model' does not go with a twin that already runs.");
    return { ...clientsOf(running.endpointUrl, running.functionName), ownTwin: false, close: () => Promise.resolve() };
  }
  // The twin, and the program that it deploys, take seconds to load.
  const [{ prepareModel }, { startTwin }] = await Promise.all([
    import("../../local/model.js"),
    import("../../local/twin/start.js"),
  ]);
  const { dir, notice } = await prepareModel(model, report);
  const twin = await startTwin({ modelDir: dir, onProgress: report, ...(twinConfig && { config: twinConfig }) });
  return {
    ...clientsOf(twin.endpointUrl, String(twin.outputs["lambdaFunctionName"])),
    ownTwin: true,
    ...(notice !== undefined && { notice }),
    close: () => twin.stop(),
  };
}

function clientsOf(
  endpointUrl: string,
  functionName: string,
): Pick<Target, "tools" | "s3" | "functionName" | "clientConfig"> {
  const config = clientOptions(endpointUrl);
  return {
    tools: new ToolsClient(new LambdaClient(config), functionName),
    functionName,
    s3: new S3Client({ ...config, forcePathStyle: true }),
    clientConfig: config,
  };
}

async function functionOf(stack: string): Promise<string> {
  return (await pulumi(stack, "stack", "output", "lambdaFunctionName")).trim();
}

async function discovered(): Promise<string> {
  const { DescribeParametersCommand, GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const ssm = new SSMClient({});
  const { Parameters = [] } = await ssm
    .send(
      new DescribeParametersCommand({ ParameterFilters: [{ Key: "Name", Option: "Contains", Values: [PARAMETER] }] }),
    )
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(
        `no deployment is named, and Systems Manager could not be asked for one (${reason}). Use --local, --stack or --lambda-function.`,
      );
    });
  const names = Parameters.map(({ Name = "" }) => Name).filter((name) => name.endsWith(PARAMETER));
  const [name] = names;
  if (name === undefined || names.length > 1) {
    const found = name === undefined ? "there is none" : `there are ${names.length}: ${names.join(", ")}`;
    throw new UsageError(`no deployment is named, and in this account and region ${found}. Use --lambda-function.`);
  }
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
  return Parameter?.Value ?? "";
}
