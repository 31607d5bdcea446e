import { Cloud, type Call } from "../provider/cloud.js";
import { startProviders, type Providers } from "../provider/server.js";
import { Workspace, type EngineEvent, type KeptResource, type Stack } from "./workspace.js";

/** What the engine does with one resource; what stays the same is not among it. */
export interface Step {
  /** `create`, `update`, `delete`, `replace`, `create-replacement`, `delete-replaced`, ... */
  readonly operation: string;
  readonly type: string;
  readonly name: string;
}

/** What one run of the CLI did. */
export interface Run {
  /** The engine's steps, in the order in which they began. */
  readonly steps: readonly Step[];
  /** What reached the cloud, in order. */
  readonly calls: readonly Call[];
  /** Warnings and errors, as a user reads them. */
  readonly messages: readonly string[];
  /** Whether the CLI ended with an error. */
  readonly failed: boolean;
}

/** One stack of the program with a cloud of its own: what a user has after `pulumi stack init`. */
export class Deployment {
  private constructor(
    readonly cloud: Cloud,
    readonly stackName: string,
    private readonly workspace: Workspace,
    private readonly providers: Providers,
    private readonly stack: Stack,
  ) {}

  /** A stack that nothing was deployed to yet. */
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

  /** The same stack and cloud once more: what is done to the copy leaves this one as it is. */
  copy(): Promise<Deployment> {
    return Deployment.open(this.stackName, this.cloud.copy(), this.workspace.copy());
  }

  /** Ends the providers and removes every file. */
  close(): void {
    this.providers.stop();
    this.workspace.remove();
  }

  /** `pulumi config set`, for every key; keys without a namespace are the project's. */
  async set(settings: Readonly<Record<string, string>>): Promise<void> {
    await this.stack.setAllConfig(Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { value }])));
  }

  preview(): Promise<Run> {
    return this.run((options) => this.stack.preview(options));
  }

  /** @param options.refresh whether the state is compared with the cloud first; options.replace URNs to make anew */
  up(options: { readonly refresh?: boolean; readonly replace?: readonly string[] } = {}): Promise<Run> {
    const { refresh = false, replace = [] } = options;
    return this.run((listening) => this.stack.up({ ...listening, refresh, replace: [...replace] }));
  }

  destroy(): Promise<Run> {
    return this.run((options) => this.stack.destroy(options));
  }

  /** The program's exports, as the last `up` left them. */
  async outputs(): Promise<Record<string, unknown>> {
    const outputs = await this.stack.outputs();
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
  }

  /** What the engine keeps of each resource that a provider made. */
  kept(): readonly KeptResource[] {
    return this.workspace.resources(this.stackName);
  }

  /** Starts over with no state at all in the same cloud, as another user or a re-made stack would. */
  async forgetState(): Promise<void> {
    this.workspace.forgetState();
    await this.workspace.stack(this.stackName, this.providers.debugProviders);
  }

  private async run(
    command: (options: { onEvent: (event: EngineEvent) => void; suppressProgress: true }) => Promise<unknown>,
  ): Promise<Run> {
    const before = this.cloud.calls.length;
    const events: EngineEvent[] = [];
    const error = await command({ onEvent: (event) => events.push(event), suppressProgress: true }).then(
      () => undefined,
      (failure: unknown) => (failure instanceof Error ? failure : new Error(String(failure))),
    );
    const messages = events.flatMap(messageOf);
    // An error that no event tells of is none of the engine's: it must not pass for a failed operation.
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
  const { op, type, urn } = resourcePreEvent.metadata;
  return [{ operation: op, type, name: urn.split("::").at(-1) ?? "" }];
}

function messageOf({ diagnosticEvent }: EngineEvent): string[] {
  if (!diagnosticEvent || !["error", "warning"].includes(diagnosticEvent.severity)) return [];
  return [`${diagnosticEvent.severity}: ${withoutColor(diagnosticEvent.message).trim()}`];
}

/** The engine marks colours as `<{%red%}>`. */
function withoutColor(message: string): string {
  return message.replaceAll(/<\{%.*?%\}>/g, "");
}
