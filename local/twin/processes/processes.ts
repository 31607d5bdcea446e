import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { TwinError } from "../errors.js";

const REAPER = fileURLToPath(new URL("reaper.mjs", import.meta.url));

/** Time that a process has to end after SIGTERM before it is killed, in ms. */
const GRACE_MS = 3000;

/** Number of output lines that are kept for an error message. */
const KEPT_LINES = 20;

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that the twin started. It ends when the twin ends, or earlier. */
export interface Child {
  readonly pid: number;
  /** Resolves once the process has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** The last lines of its output, for an error message. */
  lastLines(): string;
  /** Ends the process and all its children: first with SIGTERM, after some seconds with SIGKILL. */
  stop(): Promise<void>;
}

export interface SpawnOptions {
  /** All environment variables of the process. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each part of its output, from both streams. */
  readonly onOutput?: (text: string) => void;
}

/** Starts processes and creates scratch folders that are removed with the twin, even if the twin is killed. */
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
   * @throws TwinError `NOT_INSTALLED` if the program is an absolute path that does not exist, `PROCESS_FAILED` if it
   *   cannot be started or the twin is stopping
   */
  spawn(command: string, args: readonly string[], options: SpawnOptions): Child {
    if (this.stopped) throw new TwinError("PROCESS_FAILED", "The twin is stopping and starts no more processes.");
    if (path.isAbsolute(command) && !existsSync(command)) {
      throw new TwinError("NOT_INSTALLED", `${command} is missing. Run 'node commands/setup.mjs' to install it.`);
    }
    const started = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // An "error" event without a listener would end the twin. The missing pid shows the error too.
    started.once("error", () => undefined);
    const { pid } = started;
    if (pid === undefined) throw new TwinError("PROCESS_FAILED", `${command} could not be started.`);
    this.sendToReaper(`+${pid}`);
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
      this.sendToReaper(`-${pid}`);
    });
    return child;
  }

  /** Creates a folder that is removed when the twin ends. */
  scratchFolder(): string {
    const folder = mkdtempSync(path.join(tmpdir(), "amplify-vep-"));
    this.folders.push(folder);
    this.sendToReaper(`rm ${folder}`);
    return folder;
  }

  /** Ends every process and removes every scratch folder. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.children].map((child) => child.stop()));
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
    const ended = new Promise((resolve) => this.reaper.once("exit", resolve));
    if (this.reaper.exitCode !== null || this.reaper.signalCode !== null) return;
    this.reaper.ref();
    this.reaper.stdin?.end();
    await ended;
  }

  private sendToReaper(line: string): void {
    this.reaper.stdin?.write(`${line}\n`);
  }
}

/** Keeps the last lines of an output. */
class Tail {
  private kept = "";

  add(text: string): void {
    this.kept = (this.kept + text).split("\n").slice(-KEPT_LINES).join("\n");
  }

  text(): string {
    return this.kept.trim();
  }
}

/** How a process ended, once all its output has been read. Children that it left behind are killed. */
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
    // The group has already ended; macOS reports EPERM until its parent has noticed that.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
