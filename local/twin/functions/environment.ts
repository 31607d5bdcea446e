import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { clientEnvironment } from "../account.js";
import type { Child, Exit, Processes } from "../processes/processes.js";
import { RuntimeApi, type Invocation, type Report } from "./runtimeApi.js";

const BOOTSTRAP = fileURLToPath(new URL("bootstrap.mjs", import.meta.url));

/** A function as the program describes it. */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  /** `file.export` within the bundle. */
  readonly handler: string;
  readonly runtime: string;
  readonly role: string;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** Invocations at a time before Lambda throttles; undefined where nothing is reserved. */
  readonly reservedConcurrency: number | undefined;
  /** Folder that holds the unpacked bundle. */
  readonly codeDir: string;
}

/** How one invocation ended: with the runtime's report, with its process, or not in time. */
export type Ending = Report | { readonly kind: "exit"; readonly exit: Exit } | { readonly kind: "timeout" };

/** A process that runs one function, one invocation at a time, as Lambda's sandboxes do. */
export class ExecutionEnvironment {
  readonly logStream: string;
  private readonly api = new RuntimeApi();
  private child: Child | undefined;
  private written = "";

  constructor(
    private readonly settings: FunctionSettings,
    private readonly endpointUrl: string,
    private readonly processes: Processes,
  ) {
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    this.logStream = `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
  }

  /** Runs one event; the first also starts the process. An environment that ended or timed out is of no further use. */
  async invoke(invocation: Invocation): Promise<Ending> {
    const child = (this.child ??= await this.start());
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<Ending>((resolve) => {
      timer = setTimeout(() => {
        resolve({ kind: "timeout" });
      }, invocation.deadline - Date.now());
    });
    const exit = child.exited.then((how): Ending => ({ kind: "exit", exit: how }));
    const ending = await Promise.race([this.api.invoke(invocation), exit, timeout]);
    clearTimeout(timer);
    return ending;
  }

  /** What was written since the last call. */
  takeOutput(): string {
    const { written } = this;
    this.written = "";
    return written;
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    await this.child?.stop();
    this.api.close();
  }

  private async start(): Promise<Child> {
    const runtimeApi = await this.api.listen();
    return this.processes.spawn(process.execPath, [BOOTSTRAP], {
      cwd: this.settings.codeDir,
      env: this.variables(runtimeApi),
      onOutput: (text) => {
        this.written += text;
      },
    });
  }

  /** What the program set, what Lambda sets, and the twin's address; nothing of this machine's. */
  private variables(runtimeApi: string): NodeJS.ProcessEnv {
    const { settings } = this;
    return {
      ...settings.environment,
      ...clientEnvironment(this.endpointUrl),
      // The address of the X-Ray daemon, where the twin listens to no datagrams: traces go nowhere.
      AWS_XRAY_DAEMON_ADDRESS: new URL(this.endpointUrl).host,
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
      AWS_LAMBDA_FUNCTION_NAME: settings.name,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: this.logStream,
      AWS_LAMBDA_RUNTIME_API: runtimeApi,
      // What the SDK says of the laptop's Node is no concern of the function's log.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      LAMBDA_TASK_ROOT: settings.codeDir,
      LANG: "en_US.UTF-8",
      PATH: process.env["PATH"],
      TZ: ":UTC",
      _HANDLER: settings.handler,
    };
  }
}
