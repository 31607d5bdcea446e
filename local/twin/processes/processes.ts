import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { TwinError } from "../errors.js";

const REAPER = fileURLToPath(new URL("reaper.mjs", import.meta.url));

/** Time that a process has to end by itself when it is asked to, in ms. */
const GRACE_MS = 3000;

/** Lines of output kept to explain why a process ended. */
const KEPT_LINES = 20;

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of the twin, which ends no later than the twin does. */
export interface Child {
  readonly pid: number;
  /** Settles once it has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** The last lines it wrote, for an error message. */
  lastLines(): string;
  /** Asks the process and all it started to end, and makes them after some seconds. */
  stop(): Promise<void>;
}

export interface SpawnOptions {
  /** The whole environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each piece of what it writes to either stream. */
  readonly onOutput?: (text: string) => void;
}

/** Starts processes and scratch folders that end with the twin, also when the twin is killed. */
export class Processes {
  private readonly reaper: ChildProcess;
  private readonly children = new Set<Child>();
  private readonly folders: string[] = [];
  private stopped = false;

  constructor() {
    // npm sets the variable; a twin that was started in another way ends only by itself or by a signal.
    const args = process.env["npm_lifecycle_event"] === undefined ? [REAPER] : [REAPER, "--end-with-starter"];
    this.reaper = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "inherit"], detached: true, env: {} });
    // The reaper must not keep this process alive.
    this.reaper.unref();
    this.reaper.stdin?.on("error", () => undefined);
  }

  /**
   * Starts a program in a process group of its own.
   *
   * @throws TwinError `NOT_INSTALLED` where the program is an absolute path that does not exist, `PROCESS_FAILED` where
   *   it cannot be started, or no longer is because the twin is stopping
   */
  spawn(command: string, args: readonly string[], options: SpawnOptions): Child {
    if (this.stopped) throw new TwinError("PROCESS_FAILED", "The twin is stopping and starts nothing more.");
    if (path.isAbsolute(command) && !existsSync(command)) {
      throw new TwinError("NOT_INSTALLED", `${command} is missing; run 'node commands/setup.mjs' to install it.`);
    }
    const started = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Without a listener a program that cannot be started would end the twin; the missing pid says as much.
    started.once("error", () => undefined);
    const { pid } = started;
    if (pid === undefined) throw new TwinError("PROCESS_FAILED", `${command} could not be started.`);
    this.tell(`+${pid}`);
    const tail = new Tail();
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        tail.add(text);
        options.onOutput?.(text);
      });
    }
    const exited = exitOf(started, pid);
    const child: Child = { pid, exited, lastLines: () => tail.text(), stop: () => endGroup(pid, exited) };
    this.children.add(child);
    void exited.then(() => {
      this.children.delete(child);
      this.tell(`-${pid}`);
    });
    return child;
  }

  /** A new folder that is removed when the twin ends. */
  scratchFolder(): string {
    const folder = mkdtempSync(path.join(tmpdir(), "amplify-vep-"));
    this.folders.push(folder);
    this.tell(`rm ${folder}`);
    return folder;
  }

  /** Ends every process and removes every scratch folder. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.children].map((child) => child.stop()));
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
    const gone = new Promise((resolve) => this.reaper.once("exit", resolve));
    if (this.reaper.exitCode !== null || this.reaper.signalCode !== null) return;
    this.reaper.ref();
    this.reaper.stdin?.end();
    await gone;
  }

  private tell(line: string): void {
    this.reaper.stdin?.write(`${line}\n`);
  }
}

/** The last lines of a stream. */
class Tail {
  private kept = "";

  add(text: string): void {
    this.kept = (this.kept + text).split("\n").slice(-KEPT_LINES).join("\n");
  }

  text(): string {
    return this.kept.trim();
  }
}

/** How a process ended, once its last output was read; what it started and left behind is ended too. */
async function exitOf(child: ChildProcess, group: number): Promise<Exit> {
  const closed = new Promise<void>((resolve) => child.once("close", resolve));
  const exit = await new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) => {
      resolve({ code, signal });
    });
  });
  signal(group, "SIGKILL");
  await closed;
  return exit;
}

async function endGroup(group: number, exited: Promise<Exit>): Promise<void> {
  signal(group, "SIGTERM");
  const force = setTimeout(() => {
    signal(group, "SIGKILL");
  }, GRACE_MS);
  await exited;
  clearTimeout(force);
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch (error) {
    // The group has ended by itself; macOS says EPERM while it is being reaped.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
