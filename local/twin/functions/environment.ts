import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { clientEnvironment } from "../account.js";
import type { Child, Exit, Processes } from "../processes/processes.js";
import { RuntimeApi, type Invocation, type Report } from "./runtimeApi.js";

const BOOTSTRAP = fileURLToPath(new URL("bootstrap.mjs", import.meta.url));

/** Settings of a function. */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  /** File and export in the bundle, such as `index.handler`. */
  readonly handler: string;
  readonly runtime: string;
  readonly role: string;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** Reserved concurrent executions; undefined if none are reserved. */
  readonly reservedConcurrency: number | undefined;
  /** Folder that holds the unpacked bundle. */
  readonly codeDir: string;
}

/** How one invocation ended: the runtime reported, the process ended, or the timeout was reached. */
export type Ending = Report | { readonly kind: "exit"; readonly exit: Exit } | { readonly kind: "timeout" };

/** Variables of this machine that replace the addresses of public sources, such as `EVIDENCE_UNIPROT_URL`. */
function sourceAddresses(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^EVIDENCE_[A-Z]+_URL$/.test(name)));
}

/** A process that runs one function, one invocation at a time, like an execution environment of Lambda. */
export class ExecutionEnvironment {
  readonly logStream: string;
  private readonly api = new RuntimeApi();
  private child: Child | undefined;
  private output = "";

  constructor(
    private readonly settings: FunctionSettings,
    private readonly endpointUrl: string,
    private readonly processes: Processes,
  ) {
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    this.logStream = `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
  }

  /** Handles one event; the first call starts the process. After an exit or a timeout it must not be called again. */
  async invoke(invocation: Invocation): Promise<Ending> {
    const child = (this.child ??= await this.start());
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<Ending>((resolve) => {
      timer = setTimeout(
        () => {
          resolve({ kind: "timeout" });
        },
        invocation.endAfterMs ?? invocation.deadline - Date.now(),
      );
    });
    const exit = child.exited.then((how): Ending => ({ kind: "exit", exit: how }));
    const ending = await Promise.race([this.api.invoke(invocation), exit, timeout]);
    clearTimeout(timer);
    return ending;
  }

  /** The output since the last call of this method. */
  takeOutput(): string {
    const { output } = this;
    this.output = "";
    return output;
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
        this.output += text;
      },
    });
  }

  /** The variables of the program, of Lambda and of the twin; none of this machine except PATH and addresses of sources. */
  private variables(runtimeApi: string): NodeJS.ProcessEnv {
    const { settings } = this;
    return {
      ...settings.environment,
      ...sourceAddresses(),
      ...clientEnvironment(this.endpointUrl),
      // The X-Ray SDK needs the address of a daemon. Nothing receives UDP there, so traces are lost.
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
      // On Node 20 the SDK would write a warning to the function's log.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      LAMBDA_TASK_ROOT: settings.codeDir,
      LANG: "en_US.UTF-8",
      PATH: process.env["PATH"],
      TZ: ":UTC",
      _HANDLER: settings.handler,
    };
  }
}
