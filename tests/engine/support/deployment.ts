import { withoutSourceMaps } from "../../../local/program/runProgram.js";
import { Cloud, type Call } from "../provider/cloud.js";
import { startProviders, type Providers } from "../provider/server.js";
import { stackOutputs, type EngineEvent, type Stack } from "./automation.js";
import { cliProcesses } from "./cli.js";
import { Workspace, type StateResource } from "./workspace.js";

/** One step of the engine that changes a resource. */
export interface Step {
  /** `create`, `update`, `delete`, `replace`, `create-replacement`, `delete-replaced`, ... */
  readonly operation: string;
  readonly type: string;
  readonly name: string;
  /** Properties that force a replacement; empty for other steps. */
  readonly replacing: readonly string[];
}

/** The result of one command of the CLI. */
export interface Run {
  /** The engine's steps, in the order of their start. */
  readonly steps: readonly Step[];
  /** Calls to the cloud, in order. */
  readonly calls: readonly Call[];
  /** Warnings and errors, as the CLI prints them. */
  readonly messages: readonly string[];
  /** Whether the CLI exited with an error. */
  readonly failed: boolean;
}

/** One stack of the program, with its own simulated cloud. */
export class Deployment {
  private constructor(
    readonly cloud: Cloud,
    readonly stackName: string,
    private readonly workspace: Workspace,
    private readonly providers: Providers,
    private readonly stack: Stack,
  ) {}

  /** A new stack, before its first deployment. */
  static async create(stackName: string, settings: Readonly<Record<string, string>> = {}): Promise<Deployment> {
    const deployment = await Deployment.open(stackName, new Cloud(), Workspace.create());
    await deployment.set({ "aws:region": "us-east-1", ...settings });
    return deployment;
  }

  private static async open(stackName: string, cloud: Cloud, workspace: Workspace): Promise<Deployment> {
    const providers = await startProviders(() => cloud);
    const stack = await workspace.stack(stackName, providers.debugProviders);
    return new Deployment(cloud, stackName, workspace, providers, stack);
  }

  /** An independent copy of the stack and its cloud. */
  copy(): Promise<Deployment> {
    return Deployment.open(this.stackName, this.cloud.copy(), this.workspace.copy());
  }

  /** Stops the providers and removes all files. */
  close(): void {
    this.providers.stop();
    this.workspace.remove();
  }

  /** Sets configuration values, as `pulumi config set` does; keys without a namespace are the project's. */
  async set(settings: Readonly<Record<string, string>>): Promise<void> {
    const { models, ...others } = settings;
    if (models !== undefined) await this.setModels(models);
    // The program refuses a password in plain text.
    const values = Object.entries(others).map(
      ([key, value]) => [key, { value, secret: key === "registryPassword" }] as const,
    );
    await this.stack.setAllConfig(Object.fromEntries(values));
  }

  /** Sets the list of model versions, as `pulumi config set --path` does. */
  private async setModels(models: string): Promise<void> {
    if ((await this.stack.getAllConfig())["amplify-vep:models"]) await this.stack.removeConfig("models");
    const entries = (models === "" ? [] : JSON.parse(models)) as Readonly<Record<string, string | number>>[];
    const fields = entries.flatMap((entry, index) =>
      Object.entries(entry).map(([field, value]) => [`models[${index}].${field}`, { value: String(value) }] as const),
    );
    if (fields.length > 0) await this.stack.setAllConfig(Object.fromEntries(fields), true);
  }

  preview(): Promise<Run> {
    return this.run((options) => this.stack.preview(options));
  }

  /**
   * Runs `pulumi up`.
   *
   * @param options.refresh whether the state is refreshed from the cloud first. Default: no
   * @param options.replace URNs of resources to replace. Default: none
   * @param options.target URNs, or patterns of URNs, of the only resources to change. Default: all
   */
  up(
    options: {
      readonly refresh?: boolean;
      readonly replace?: readonly string[];
      readonly target?: readonly string[];
    } = {},
  ): Promise<Run> {
    const { refresh = false, replace = [], target = [] } = options;
    return this.run((listening) =>
      this.stack.up({ ...listening, refresh, replace: [...replace], target: [...target] }),
    );
  }

  /**
   * Runs `pulumi destroy`.
   *
   * @param options.target URNs, or patterns of URNs, of the resources to delete, with all that depend on them. Default: all
   */
  destroy(options: { readonly target?: readonly string[] } = {}): Promise<Run> {
    const { target = [] } = options;
    const targets = target.length > 0 ? { target: [...target], targetDependents: true } : {};
    return this.run((listening) => this.stack.destroy({ ...listening, ...targets }));
  }

  /**
   * Runs a command and kills the CLI when a call has taken effect in the cloud, before the engine gets the answer. What
   * SageMaker does for an endpoint continues.
   *
   * @param at returns true for that call
   * @throws RangeError where the command made no such call
   */
  async killed(command: "up" | "destroy", at: (call: Call) => boolean): Promise<void> {
    const { envVars } = this.stack.workspace;
    // As for users: the state file has every operation that has begun.
    envVars["PULUMI_SKIP_CHECKPOINTS"] = "false";
    const reached: Call[] = [];
    this.cloud.afterCall = (call) => {
      if (reached.length > 0 || !at(call)) return;
      reached.push(call);
      this.cloud.leaveInProgress(call);
      for (const pid of cliProcesses(process.pid)) process.kill(pid, "SIGKILL");
    };
    await this.stack[command]({ suppressProgress: true }).catch((error: unknown) => {
      if (reached.length === 0) throw error;
    });
    this.cloud.afterCall = () => undefined;
    envVars["PULUMI_SKIP_CHECKPOINTS"] = "true";
    if (reached.length === 0) throw new RangeError(`pulumi ${command} made no call at which it was to be killed.`);
    this.repairState();
  }

  /** See {@link Workspace.repairState}. */
  repairState(): void {
    this.workspace.repairState(this.stackName);
  }

  /** See {@link Workspace.cutState}. */
  cutState(ending: ".json" | ".json.attrs"): void {
    this.workspace.cutState(this.stackName, ending);
  }

  /** Runs `pulumi cancel`. */
  cancel(): Promise<void> {
    return this.stack.cancel();
  }

  /** Runs `pulumi refresh --clear-pending-creates`. */
  refresh(): Promise<Run> {
    return this.run((options) => this.stack.refresh({ ...options, clearPendingCreates: true }));
  }

  /** What `pulumi stack export` prints, parsed. */
  exported(): Promise<unknown> {
    return this.stack.exportStack();
  }

  /** The stack's outputs after the last `up`. */
  outputs(): Promise<Record<string, unknown>> {
    return stackOutputs(this.stack);
  }

  /** The resources in the engine's state that providers manage. */
  inState(): readonly StateResource[] {
    return this.workspace.resources(this.stackName);
  }

  /** Starts with an empty state on the same cloud, as after `pulumi stack rm` and `pulumi stack init`. */
  async forgetState(): Promise<void> {
    this.workspace.forgetState();
    await this.workspace.stack(this.stackName, this.providers.debugProviders);
  }

  private async run(
    command: (options: { onEvent: (event: EngineEvent) => void; suppressProgress: true }) => Promise<unknown>,
  ): Promise<Run> {
    const before = this.cloud.calls.length;
    const events: EngineEvent[] = [];
    const restoreSourceMaps = withoutSourceMaps();
    const error = await command({ onEvent: (event) => events.push(event), suppressProgress: true })
      .then(
        () => undefined,
        (failure: unknown) => (failure instanceof Error ? failure : new Error(String(failure))),
      )
      .finally(restoreSourceMaps);
    const messages = events.flatMap(messageOf);
    // An error without an event is a fault of the test set-up and not a failed operation.
    if (error !== undefined && messages.length === 0) throw error;
    return {
      steps: events.flatMap(stepOf),
      calls: this.cloud.calls.slice(before),
      messages,
      failed: error !== undefined,
    };
  }
}

function stepOf({ resourcePreEvent }: EngineEvent): Step[] {
  if (!resourcePreEvent || resourcePreEvent.metadata.op === "same") return [];
  const { op, type, urn, keys = [] } = resourcePreEvent.metadata;
  return [{ operation: op, type, name: urn.split("::").at(-1) ?? "", replacing: keys }];
}

function messageOf({ diagnosticEvent }: EngineEvent): string[] {
  if (!diagnosticEvent || !["error", "warning"].includes(diagnosticEvent.severity)) return [];
  return [`${diagnosticEvent.severity}: ${withoutColor(diagnosticEvent.message).trim()}`];
}

/** Removes the engine's colour marks, such as `<{%red%}>`. */
function withoutColor(message: string): string {
  return message.replaceAll(/<\{%.*?%\}>/g, "");
}
