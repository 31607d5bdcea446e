import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation/index.js";
import { importProgram } from "../../../local/program/run.js";
import { projectName } from "../../../local/program/stackConfig.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Folder of the program with which the CLI starts policy packs. */
const POLICY_STARTER = fileURLToPath(new URL("../cli/", import.meta.url));

/** The project's settings. The CLI checks that `main` exists, although index.ts runs in this process. */
const PROJECT_FILES = ["index.ts", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"];

/** One resource in the engine's state. */
export interface KeptResource {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Physical id. */
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Why the resource did not come up, where it did not. */
  readonly initErrors: readonly string[];
}

/** The part of the state's file that is read here. */
interface State {
  readonly checkpoint: {
    readonly latest?: {
      readonly resources?: readonly (Partial<KeptResource> & { urn: string; type: string; custom: boolean })[];
    };
  };
}

/** A folder of its own for one stack: the project, the backend with its state, and Pulumi's home. */
export class Workspace {
  private constructor(private readonly folder: string) {}

  /** A copy of this project's settings in a temporary folder, with an empty backend. */
  static create(): Workspace {
    const workspace = new Workspace(mkdtempSync(path.join(os.tmpdir(), "amplify-vep-engine-")));
    for (const name of PROJECT_FILES) cpSync(path.join(ROOT, name), path.join(workspace.project, name));
    mkdirSync(workspace.backend);
    mkdirSync(workspace.home);
    // Where its folder of logs cannot be made, the CLI goes without: they take half of an operation's time.
    writeFileSync(path.join(workspace.home, "logs"), "");
    return workspace;
  }

  /** A copy with the same project, configuration and state. */
  copy(): Workspace {
    const copied = new Workspace(mkdtempSync(path.join(os.tmpdir(), "amplify-vep-engine-")));
    cpSync(this.folder, copied.folder, { recursive: true, verbatimSymlinks: true });
    return copied;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Forgets every stack, as a new user of the project would find it. */
  forgetState(): void {
    rmSync(this.backend, { recursive: true, force: true });
    mkdirSync(this.backend);
  }

  /**
   * Selects a stack, or makes it; its program is index.ts, run in this process.
   *
   * @param debugProviders what stands in for the providers, see `startProviders`
   */
  stack(stackName: string, debugProviders: string): Promise<Stack> {
    return LocalWorkspace.createOrSelectStack(
      { stackName, projectName: projectName(), program: importProgram },
      {
        workDir: this.project,
        pulumiHome: this.home,
        envVars: {
          PATH: [POLICY_STARTER, process.env["PATH"] ?? ""].join(path.delimiter),
          PULUMI_BACKEND_URL: pathToFileURL(this.backend).href,
          PULUMI_CONFIG_PASSPHRASE: "engine",
          PULUMI_DEBUG_PROVIDERS: debugProviders,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          // Files are written once an operation, not at its every step.
          PULUMI_EXPERIMENTAL: "true",
          PULUMI_SKIP_CHECKPOINTS: "true",
          PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
          PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        },
      },
    );
  }

  /** What the engine's state holds of the resources that providers made, in the order of the state. */
  resources(stackName: string): KeptResource[] {
    const state = JSON.parse(readFileSync(path.join(this.stacks, `${stackName}.json`), "utf8")) as State;
    return (state.checkpoint.latest?.resources ?? [])
      .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
      .map(({ urn, type, id = "", inputs = {}, initErrors = [] }) => ({
        urn,
        type,
        name: urn.split("::").at(-1) ?? "",
        id,
        inputs,
        initErrors,
      }));
  }

  private get stacks(): string {
    return path.join(this.backend, ".pulumi", "stacks", projectName());
  }

  private get project(): string {
    return path.join(this.folder, "project");
  }

  private get home(): string {
    return path.join(this.folder, "home");
  }

  private get backend(): string {
    return path.join(this.folder, "backend");
  }
}

export type { EngineEvent, Stack };
