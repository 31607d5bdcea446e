import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stateRepair } from "../../../commands/recover/printRecovery.js";
import { projectName } from "../../../local/program/stackConfig.js";
import { openStack, type Stack } from "./automation.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Folder of the program with which the CLI starts policy packs. */
const POLICY_STARTER = fileURLToPath(new URL("../cli/", import.meta.url));

/** The project's settings. The CLI checks that `main` exists, although index.ts runs in this process. */
const PROJECT_FILES = ["index.ts", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"];

/** One resource in the engine's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Physical id. */
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Errors of the resource's start; empty where it started. */
  readonly initErrors: readonly string[];
}

/** The part of the state file that the tests read. */
interface State {
  readonly checkpoint: {
    readonly latest?: {
      readonly resources?: readonly (Partial<StateResource> & { urn: string; type: string; custom: boolean })[];
    };
  };
}

/** A temporary folder for one stack: the project's settings, the backend with the state, and Pulumi's home. */
export class Workspace {
  private constructor(private readonly folder: string) {}

  /** A copy of this project's settings in a temporary folder, with an empty backend. */
  static create(): Workspace {
    const workspace = new Workspace(mkdtempSync(path.join(os.tmpdir(), "amplify-vep-engine-")));
    for (const name of PROJECT_FILES) cpSync(path.join(ROOT, name), path.join(workspace.project, name));
    // The CLI reads the files of the image's context below its own working folder.
    symlinkSync(path.join(ROOT, "image"), path.join(workspace.project, "image"));
    mkdirSync(workspace.backend);
    mkdirSync(workspace.home);
    // A file in place of its log folder keeps the CLI from writing logs, which take half the time of a command.
    writeFileSync(path.join(workspace.home, "logs"), "");
    return workspace;
  }

  /** An independent copy with the same configuration and state. */
  copy(): Workspace {
    const copied = new Workspace(mkdtempSync(path.join(os.tmpdir(), "amplify-vep-engine-")));
    cpSync(this.folder, copied.folder, { recursive: true, verbatimSymlinks: true });
    return copied;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Deletes the state of every stack. */
  forgetState(): void {
    rmSync(this.backend, { recursive: true, force: true });
    mkdirSync(this.backend);
  }

  /** Makes a state readable that a killed CLI had not written to its end: the printed command for "failed to load checkpoint". */
  repairState(stackName: string): void {
    execFileSync("sh", ["-c", stateRepair(stackName)], { cwd: this.stacks });
  }

  /** Leaves one file of the state empty, as a kill at the wrong moment does. */
  cutState(stackName: string, ending: ".json" | ".json.attrs"): void {
    writeFileSync(path.join(this.stacks, `${stackName}${ending}`), "");
  }

  /**
   * Selects or creates a stack; its program is index.ts, run in this process.
   *
   * @param debugProviders addresses of the simulated providers, see `startProviders`
   */
  stack(stackName: string, debugProviders: string): Promise<Stack> {
    return openStack(stackName, {
      workDir: this.project,
      pulumiHome: this.home,
      envVars: {
        PATH: [POLICY_STARTER, process.env["PATH"] ?? ""].join(path.delimiter),
        PULUMI_BACKEND_URL: pathToFileURL(this.backend).href,
        PULUMI_CONFIG_PASSPHRASE: "engine",
        PULUMI_DEBUG_PROVIDERS: debugProviders,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // The state file is written once per command instead of at every step.
        PULUMI_EXPERIMENTAL: "true",
        PULUMI_SKIP_CHECKPOINTS: "true",
        PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
        // The CLI collects its garbage less often, which takes a tenth of its time.
        GOGC: "400",
        PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    });
  }

  /** The resources in the engine's state that providers manage, in the order of the state. */
  resources(stackName: string): StateResource[] {
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
